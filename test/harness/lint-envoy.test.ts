import { execFile } from "node:child_process";
import { promisify } from "node:util";
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
