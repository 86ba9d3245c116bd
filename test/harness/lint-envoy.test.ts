import { execFile } from "node:child_process";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { lintText } from "proxy-wasm-harness";
import { expect } from "vitest";
import { normalised } from "../../harness/src/envoy/log-line.ts";
import { test } from "./envoy-fixture.ts";
import { brokenConfigurations, root } from "./lint-configs.ts";

/** Everything that Envoy says to a file, on one line. */
async function said(envoy: string, file: string): Promise<{ isAccepted: boolean; words: string }> {
  const run = promisify(execFile)(envoy, ["--mode", "validate", "-c", file, "-l", "warning"], { cwd: root });
  return run.then(
    ({ stderr }) => ({ isAccepted: true, words: normalised(stderr) }),
    ({ stderr }: { stderr: string }) => ({ isAccepted: false, words: normalised(stderr) }),
  );
}

test.for(brokenConfigurations)(
  "a real Envoy says to $name: $envoy",
  async ({ file, envoy: expected }, { envoy }) => {
    const { isAccepted, words } = await said(envoy.path, file);

    expect(isAccepted).toBe(expected === "silent" || expected.startsWith("warning: "));
    if (expected === "silent") expect(words).toBe("");
    else expect(words).toContain(normalised(expected.replace("warning: ", "")));
  },
);

test("a real Envoy takes what it disallows when its runtime has the key that lint names", async ({
  envoy,
}) => {
  const { text } =
    brokenConfigurations.find(({ name }) => name === "disallowed-field") ?? expect.unreachable();
  const [finding] = lintText(text);
  const [, key = ""] = /unless its runtime has ("[^"]+": true)/.exec(finding?.message ?? "") ?? [];
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "disallowed-"));
  const file = path.join(folder.path, "taken.yaml");
  await writeFile(file, `${text}layered_runtime: { layers: [{ name: taken, static_layer: { ${key} } }] }\n`);

  const { isAccepted, words } = await said(envoy.path, file);

  expect(isAccepted).toBe(true);
  expect(words).toContain("Using runtime overrides to continue using now fatal-by-default deprecated option");
});
