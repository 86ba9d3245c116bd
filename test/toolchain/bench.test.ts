import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { containerStart } from "../../bench/container-start.ts";
import { requiresContainers } from "../harness/container-fixture.ts";

test("a bench that lacks wrk or Envoy says so in one line and exits with 1", () => {
  const bench = fileURLToPath(new URL("../../bench/run.ts", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [bench], {
    env: { PATH: "/nonexistent", HOME: process.env["HOME"] },
    encoding: "utf8",
  });
  expect(stderr).toMatch(/^(wrk was not found: `apt-get install wrk`|no Envoy was found: .*)\n$/);
  expect(stdout).toBe("");
  expect(status).toBe(1);
});

test("the start of a container is held against docker run", async ({ skip }) => {
  await requiresContainers(skip);

  expect(await containerStart(1)).toMatch(
    /^container start \d+ ms, `docker run` \d+ ms: \d\.\d\d; goal ≤ 1\.30: (met|missed)$/,
  );
});
