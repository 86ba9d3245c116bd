import { execFile } from "node:child_process";
import { mkdtempDisposable, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { requiresCi } from "../harness/requires-ci.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface Outcome {
  readonly code?: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  script: string,
  args: readonly string[],
  environment: Record<string, string | undefined> = {},
): Promise<Outcome> {
  const env = { ...process.env, VITEST: undefined, NO_COLOR: "1", ...environment };
  return promisify(execFile)(process.execPath, [path.join(root, "toolchain", script), ...args], {
    env,
  }).catch((failure: Outcome) => failure);
}

test("an unknown task is refused with those that there are", async () => {
  const { code, stderr } = await run("run.mjs", ["tset"]);

  expect(code).toBe(1);
  expect(stderr).toMatch(/unknown task "tset": there are build, start, test/);
});

test("without Python the scenarios run embedded, and one line says what was left out", async ({ skip }) => {
  requiresCi(skip);
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "no-python-"));
  await symlink("/bin/sh", path.join(folder.path, "sh"));

  const { code, stdout, stderr } = await run("tasks.mjs", ["start"], {
    PATH: folder.path,
    XDG_CACHE_HOME: folder.path,
    ENVOY_PATH: "",
    CI: "",
  });

  expect(`${code ?? 0} ${stderr}`).toMatch(/^0 .*python3/s);
  expect(stdout).toMatch(/embedded only: the scenarios in a real Envoy are left out/);
  expect(stdout).toMatch(/^header-authz +embedded$/m);
  expect(stdout).toMatch(/^ {2}repeated headers +9 held$/m);
  expect(stdout).toMatch(/^\d+ passed, 0 failed$/m);
  expect(stdout).toMatch(/npx proxy-wasm fetch-envoy/);
});
