import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { vitest } from "../harness/run-spec.ts";

const specs = fileURLToPath(new URL("./specs", import.meta.url));
const reporter = fileURLToPath(new URL("../../toolchain/scenario-table.mjs", import.meta.url));

/** What the table shows of `specs/careful`, with figures of time as `0.0`. */
async function table(): Promise<string> {
  const env = { ...process.env, VITEST: undefined, NO_COLOR: "1" };
  const run = promisify(execFile)(process.execPath, [vitest, "run", `--reporter=${reporter}`], {
    cwd: specs,
    env,
  });
  const { stdout } = await run.catch((failure: { stdout: string }) => failure);
  return stdout.replaceAll(/\d+\.\d+(?= m?s)/g, "0.0");
}

test("a table shows what held by groups and backends, then what failed in full, then the count", async () => {
  const text = await table();

  const [rows = "", failures = "", ...rest] = text.trim().split("\n\n");
  expect(rows.split("\n")).toEqual([
    "careful                                                 embedded                        envoy",
    "  what holds                                              2 held                       2 held",
    "  what differs                                  1 held, 1 failed            1 held, 1 skipped",
    "  and besides                                             1 held                       1 held",
    "  all                                  4 held, 1 failed in 0.0 s   4 held, 1 skipped in 0.0 s",
  ]);
  expect(failures.split("\n")).toEqual([
    "careful in embedded: what differs > in one backend > fails  (0.0 ms)",
    expect.stringMatching(/^AssertionError: expected 'embedded' to be 'envoy'/),
    'Expected: "envoy"',
    'Received: "embedded"',
    "    at careful/scenarios.spec.ts:11:42",
  ]);
  expect(rest.join("\n\n")).toContain("skipped 1 in envoy: the envoy backend has no clock");
  expect(text).toMatch(/\n8 passed, 1 failed, 1 skipped\n$/);
});
