import { startProxy, type BackendName } from "proxy-wasm-harness";
import { expect, inject, test } from "vitest";
import { wrong } from "./wrong-configurations.ts";
import { wrongServices } from "./wrong-services.ts";

test.for([...wrong, ...wrongServices])("refused to start: %s", async ([, configuration, message]) => {
  const backend = inject("proxyWasmBackend") as BackendName;

  await expect(
    startProxy({ backend, chain: [{ filter: "rate-limit", configuration: JSON.stringify(configuration) }] }),
  ).rejects.toMatchObject({ code: "configuration_refused", message: expect.stringMatching(message) });
});
