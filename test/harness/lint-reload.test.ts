import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { lintText, startBootstrap } from "proxy-wasm-harness";
import { expect } from "vitest";
import { test } from "./envoy-fixture.ts";
import { brokenConfigurations, root } from "./lint-configs.ts";

const broken = brokenConfigurations.find(({ name }) => name === "wasm-reloads-at-once");

/** Whether Envoy survives a trap with such an interval, and whether lint takes it. */
const intervals = [
  ["0.001s", "ends"],
  ["0.0015s", "ends"],
  ["0.001999999s", "ends"],
  ["0.002s", "lives"],
  ["0.003s", "lives"],
] as const;

test.for(intervals)(
  "with a base_interval of %s a trap's Envoy %s, and lint knows",
  async ([interval, outcome], { envoy, skip }) => {
    if (process.arch !== "x64") skip("only where a division by zero ends a process");
    const text = broken?.text.replace("base_interval: 0.001s", `base_interval: ${interval}`) ?? "";
    await using folder = await mkdtempDisposable(path.join(tmpdir(), "reload-"));
    const file = path.join(folder.path, "envoy.yaml");
    await writeFile(file, text.replace("filename: build", `filename: ${root}build`));
    const version = envoy.version;
    await using proxy = await startBootstrap(file, { allowTraps: true, envoy: { version } });

    expect(await proxy.get("in", "/", { headers: { "x-do": "h" } })).toMatchObject({ status: 503 });
    const next = proxy.get("in", "/");

    if (outcome === "ends") {
      const message = expect.stringMatching(/^Envoy ended by itself with exit code 136\b/); // SIGFPE
      await expect(next).rejects.toMatchObject({ code: "envoy_exited", message });
    } else await expect(next).resolves.toMatchObject({ status: expect.toBeOneOf([200, 503]) });
    expect(lintText(text, { folder: root }).map(({ rule }) => rule)).toEqual(
      outcome === "ends" ? ["reload-interval"] : [],
    );
  },
);
