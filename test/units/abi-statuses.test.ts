import type { HostCallName, StartedProxy } from "proxy-wasm-harness";
import { expect, test } from "vitest";
import { allFailures, possibleFailures } from "../../harness/src/module/abi-statuses.ts";
import { embedded, play } from "../differential/play.ts";
import { scenarios } from "../differential/scenarios.ts";
import { isCi } from "../harness/requires-ci.ts";

/** Without `CI=true` every eighth. */
const played = isCi ? scenarios : scenarios.filter((_, i) => i % 8 === 0);

/** `proxy_log BadArgument`, for everything that the host answers in what Envoy answers alike. */
async function answersSeen(): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for (const [, scenario] of played) {
    const started: Array<Pick<StartedProxy, "transcript">> = [];
    await play(embedded, scenario, (proxy) => void started.push(proxy));
    for (const { kind, name, result } of started.flatMap(({ transcript }) => [...transcript]))
      if (kind === "host_call" && typeof result === "string") seen.add(`${name} ${result}`);
  }
  return seen;
}

/** What the ABI has beside a failure. */
const successes = ["Ok", "Success"];
const succeeds = (seen: ReadonlySet<string>, call: string): boolean =>
  successes.some((result) => seen.has(`${call} ${result}`));

test("what host calls answer in the scenarios that Envoy was held against is possible in Envoy", async () => {
  const seen = await answersSeen();

  const failures = [...seen]
    .map((pair) => pair.split(" ") as [HostCallName, string])
    .filter(([call, result]) => succeeds(seen, call) && !successes.includes(result)); // others are stubs
  expect(failures.length).toBeGreaterThan(10);
  const strays = failures.filter(([call, result]) => !possibleFailures(call).some((each) => each === result));
  expect(strays).toEqual([]);
});

test.for([
  ["proxy_log", ["BadArgument", "InvalidMemoryAccess", "InternalFailure"]],
  ["proxy_get_log_level", ["InvalidMemoryAccess", "InternalFailure"]],
  ["proxy_set_tick_period_milliseconds", ["InternalFailure"]],
  ["proxy_done", ["NotFound", "InternalFailure"]],
  ["proxy_get_shared_data", ["NotFound", "InvalidMemoryAccess", "InternalFailure"]],
  ["random_get", ["Invalid", "Fault", "NotCapable"]],
  ["sched_yield", ["NotCapable"]],
  ["proc_exit", []],
  ["emscripten_notify_memory_growth", []],
  ["pthread_equal", []],
] as const)("%s can fail with %o", ([call, failures]) => {
  expect(possibleFailures(call)).toEqual(failures);
});

test("a call has all statuses of its type, and none that stands for success", () => {
  expect(allFailures("proxy_log")).toHaveLength(12);
  expect(allFailures("fd_write")).toContain("Fault");
  expect(allFailures("proc_exit")).toEqual([]);
  for (const call of ["proxy_log", "fd_write"] as const)
    expect(allFailures(call)).not.toContainEqual(expect.stringMatching(/^(Ok|Success)$/));
});
