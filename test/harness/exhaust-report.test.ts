import {
  exhaust,
  startProxy,
  Upstream,
  type ExhaustOptions,
  type ExhaustReport,
  type Faults,
  type FreshProxy,
} from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { test } from "vitest";
import { guest } from "../guests/guest.ts";
import { always, asks, careless, own, unauthorised, userAndAdmin } from "./careless.ts";

test("a report is a line for each finding, how to replay it, and the totals", async () => {
  const report = await exhaust(careless("fails_open"), userAndAdmin, { unauthorised, occurrences: 1 });

  const text = String(report);
  const lines = text.split("\n");
  expect(lines[0]).toBe(
    'proxy_get_header_map_value → BadArgument, every call, first in proxy_on_request_headers of plugin "mishandles-failures": ' +
      "unauthorised GET /as-user reached the upstream",
  );
  expect(lines[1]).toBe(
    '    replay: proxy.faults.hostCall("proxy_get_header_map_value", { status: "BadArgument" });',
  );
  const within = 'in proxy_on_request_headers of plugin "mishandles-failures"';
  const passed = "unauthorised GET /as-user reached the upstream";
  expect(text).toContain(
    `${asks} → BadArgument, call 1, ${within}: ${passed}\n` +
      `    replay: proxy.faults.hostCall("${asks}", { status: "BadArgument", nth: 1 });\n`,
  );
  expect(text).toContain(
    `allocation 2 → no memory, for ${asks} ${within}: ${passed}\n    replay: allocatorFaults: [{ nth: 2 }],\n`,
  );
  const { runs, calls, findings, leftOut } = report;
  const made = calls.reduce((sum, { count }) => sum + count, 0);
  const names = new Set(calls.map(({ call }) => call)).size;
  expect(text).toContain(
    `\n${runs} runs: ${names} host calls, made ${made} times, × the statuses of each; ${findings.length} findings\n`,
  );
  expect(leftOut).toBeGreaterThan(0);
  expect(text).toContain(`left out, as occurrences says: ${leftOut} runs of single calls`);
  expect(() => expect(report).toHaveNoFindings()).toThrow(/^expected no findings, but there is\n {2}proxy_/);
});

test("what a report says to replay a finding gives that finding again, and nothing without it", async () => {
  const { findings } = await exhaust(careless("fails_open"), userAndAdmin, { unauthorised });

  const replays = findings.filter(({ kind }) => kind === "unauthorised");
  expect(replays.length).toBeGreaterThan(6);
  for (const { replay } of replays) {
    const isOption = !replay.startsWith("proxy.");
    const options = isOption ? (new Function(`return { ${replay} };`)() as object) : {};
    const upstream = new Upstream();
    await using proxy = await startProxy({ ...careless("fails_open"), ...options, upstream });
    if (!isOption) new Function("proxy", replay)(proxy);
    await proxy.get("/as-user", { headers: { "x-role": "user" } });

    expect(upstream.requests).toHaveLength(1);
    if (!isOption) expect(proxy.faults.unmet).toEqual([]);
  }
});

test("the calls of the scenario are told, by their callbacks", async () => {
  const { calls } = await exhaust(careless("refuses"), userAndAdmin, always);

  const plugin = "mishandles-failures";
  expect(calls).toContainEqual(
    { call: asks, callback: "proxy_on_request_headers", plugin, isAtStart: false, count: 2 }, // prettier-ignore
  );
  expect(calls).toContainEqual(
    { call: "proxy_get_buffer_bytes", callback: "proxy_on_configure", plugin, isAtStart: true, count: 1 }, // prettier-ignore
  );
});

test("every status of the ABI is tried where the test wants it", async () => {
  const runsOf = async (statuses: "possible" | "all"): Promise<ExhaustReport> =>
    exhaust({ chain: [{ filter: guest("raw/reads-its-configuration") }] }, ({ proxy }) => proxy.get("/"), {
      statuses,
      allocations: false,
    });

  expect((await runsOf("possible")).runs).toBe(4); // NotFound, BadArgument, InvalidMemoryAccess, InternalFailure
  expect((await runsOf("all")).runs).toBe(12);
});

test("a scenario in which nothing can fail is refused", async () => {
  const silent = { chain: [{ filter: guest("raw/passes") }] };

  await expect(exhaust(silent, ({ proxy }) => proxy.get("/"))).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(
      /makes no host call that can fail, so nothing would be tried: let it/,
    ) as unknown,
  });
});

test("what only the scenario does not stand is no finding", async () => {
  const report = await exhaust(careless("refuses"), userAndAdmin, { unauthorised });

  expect(own(report)).toEqual([]);
  const { fault, error } = report.disturbed.find((run) => run.fault.startsWith(asks)) ?? {};
  expect(fault).toMatch(/^proxy_get_header_map_value → NotFound, every call/);
  expect(error?.message).toContain("expected [ 403, 403 ] to deeply equal [ 403, 200 ]");
  expect(String(report)).toContain("runs that only the scenario did not stand, no findings:");
});

/** Asks the filter for something in the first run alone. */
function onlyOnce() {
  let isFirst = true;
  return async ({ proxy }: FreshProxy): Promise<void> => {
    if (isFirst) await proxy.get("/");
    isFirst = false;
  };
}

test("faults that strike nothing are told", async () => {
  const report = await exhaust(careless("refuses"), onlyOnce(), always);

  expect(report.unmet.filter((fault) => fault.startsWith(asks))).toHaveLength(4);
  const { length } = report.unmet;
  const reason = "struck nothing, for the filter does not call the same in every run:";
  expect(String(report)).toContain(`\n${length} faults ${reason}\n    ${report.unmet[0]}\n`);
  expect(String(report)).toMatch(new RegExp(`\n    and ${length - 3} more$`));
});

test("a fault of the test's own, beside one that strikes nothing, saves no run", async () => {
  const startFaults = (faults: Faults): void =>
    faults.hostCall("proxy_record_metric", { status: "NotFound" });
  const options = { ...careless("refuses"), startFaults };
  const { unmet } = await exhaust(options, onlyOnce(), { ...always, occurrences: 1 });

  const where = 'in proxy_on_request_headers of plugin "mishandles-failures"';
  expect(unmet).toContain(`${asks} → NotFound, every call, first ${where}`);
  expect(unmet).toContain(`${asks} → NotFound, call 1, ${where}`);
});

test("what the undisturbed scenario throws is thrown", async () => {
  const failing = (): never => {
    throw new Error("the scenario's own");
  };

  await expect(exhaust(careless("refuses"), failing)).rejects.toThrow("the scenario's own");
  const trapping = {
    chain: [{ filter: guest("traps"), configuration: { in: "request_headers", how: "unreachable" } }],
  };
  const get = ({ proxy }: FreshProxy) => proxy.get("/");
  await expect(exhaust(trapping, get)).rejects.toMatchObject({ code: "filter_trapped" });
});

test.for([
  [{}, { maxRuns: 3 }, "invalid_input", /takes \d+ runs, and maxRuns allows 3: raise it,.*occurrences: 2/],
  [{}, { maxRuns: 0 }, "invalid_input", /maxRuns: 0 must be more than 0/],
  [{}, { occurrences: -1 }, "invalid_input", /occurrences: -1 must be 0 or more/],
  [{}, { scenarioMs: Number.NaN }, "invalid_input", /scenarioMs: NaN must be more than 0/],
  [{}, { scenarioMs: Infinity }, "invalid_input", /scenarioMs: Infinity must be .*at most 2147483647/],
  [{}, { statuses: "some" }, "invalid_input", /statuses: "some" is not one of possible, all/],
  [
    {},
    { unauthorized: () => true },
    "invalid_input",
    /unknown option "unauthorized": did you mean "unauthorised"\?/,
  ],
  [
    {},
    { unauthorised: () => true },
    "invalid_input",
    /GET \/as-admin, which unauthorised names, reaches the upstream though nothing/,
  ],
  [{ allowTraps: true }, {}, "invalid_input", /allowTraps: traps are what it looks for/],
  [{ backend: "envoy" }, {}, "unsupported", /a real Envoy cannot be told .*vitest --project embedded/],
] as const)("the options %o and %o are refused", async ([options, exhaustOptions, code, message]) => {
  const exhausting = exhaust(
    { ...careless("refuses"), ...options },
    userAndAdmin,
    exhaustOptions as ExhaustOptions,
  );

  await expect(exhausting).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message) as unknown,
  });
});
