import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { requiresContainers } from "../harness/container-fixture.ts";

const script = fileURLToPath(new URL("../../toolchain/container-engine.mjs", import.meta.url));

interface Outcome {
  readonly code?: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  args: readonly string[],
  environment: Record<string, string | undefined> = {},
): Promise<Outcome> {
  const env = { ...process.env, ...environment };
  return promisify(execFile)(process.execPath, [script, ...args], { env }).catch(
    (failure: Outcome) => failure,
  );
}

test("a command runs where an engine answers, is told how to reach containers, and its exit code counts", async ({
  skip,
}) => {
  await requiresContainers(skip);
  const environment = { TESTCONTAINERS_RYUK_DISABLED: undefined, TESTCONTAINERS_HOST_OVERRIDE: undefined };
  const print = "env | grep ^TESTCONTAINERS_ | sort; exit 7";

  const { code, stdout } = await run(["sh", "-c", print], environment);

  expect(stdout).toMatch(/^(TESTCONTAINERS_HOST_OVERRIDE=localhost\n)?TESTCONTAINERS_RYUK_DISABLED=true\n$/);
  expect(code).toBe(7);
});

test("an engine that is named and silent is refused in one line, and the command does not run", async () => {
  const { code, stdout, stderr } = await run(["echo", "ran"], { DOCKER_HOST: "unix:///nonexistent.sock" });

  expect(stderr).toMatch(
    /^container-engine: no engine answers at DOCKER_HOST unix:\/\/\/nonexistent\.sock: .*\n$/,
  );
  expect([code, stdout]).toEqual([1, ""]);
});

test("without a command the usage is printed", async () => {
  expect(await run([])).toMatchObject({ code: 1, stderr: expect.stringContaining("usage: node toolchain/") });
});
