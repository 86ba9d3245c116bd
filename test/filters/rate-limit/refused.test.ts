import { startProxy } from "proxy-wasm-harness";
import { expect } from "vitest";
import { inProject, test } from "../../project.ts";
import { wrong } from "./wrong-configurations.ts";
import { wrongServices } from "./wrong-services.ts";

test.for([...wrong, ...wrongServices])(
  "refused to start: %s",
  async ([, configuration, message], { envoys }) => {
    const chain = [{ filter: "rate-limit", configuration: JSON.stringify(configuration) }];

    await expect(startProxy({ ...inProject(envoys), chain })).rejects.toMatchObject({
      code: "configuration_refused",
      message: expect.stringMatching(message),
    });
  },
);
