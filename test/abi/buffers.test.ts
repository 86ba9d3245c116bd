import { startProxy, type BackendName } from "proxy-wasm-harness";
import { expect, inject, test } from "vitest";
import { guest } from "../guests/guest.ts";

const backend = inject("proxyWasmBackend") as BackendName;

test("the plugin's configuration arrives whole and byte for byte", async () => {
  const value = "é\u{1f600} ".repeat(20_000).trim();
  const configuration = new TextEncoder().encode(JSON.stringify({ value }));
  const filter = { filter: guest("two-roots"), rootId: "first", configuration };

  await using proxy = await startProxy({ backend, chain: [filter] });

  expect(proxy.startLogs).toEqual([]);
});

test("a configuration that is no UTF-8 is refused, and does not trap", async () => {
  const configuration = Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d);

  await expect(
    startProxy({ backend, chain: [{ filter: guest("two-roots"), rootId: "first", configuration }] }),
  ).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringMatching(/first: configuration refused/),
  });
});
