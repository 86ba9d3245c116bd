import { exhaust, startProxy, type FreshProxy, type ProxyOptions } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { test } from "vitest";
import { guest } from "../guests/guest.ts";
import { lineOf, sourceOf } from "../guests/line-of.ts";
import { always, asks, authz, careless, failures, own, unauthorised, userAndAdmin } from "./careless.ts";

/** `index.ts:12:`, of the only line that has a text. */
async function placeOf(text: string): Promise<string> {
  const name = "mishandles-failures";
  return `${sourceOf(name)}:${await lineOf(name, text)}:`;
}

test("whatever fails, only an admin passes, and others are answered unless the answer fails", async () => {
  const report = await exhaust(
    { chain: [authz] },
    async ({ proxy }) => {
      await proxy.get("/", { headers: { "x-role": "user" } });
      await proxy.get("/", { headers: { "x-role": "admin" } });
    },
    { unauthorised: ({ headers }) => headers.get("x-role") !== "admin" },
  );

  const unanswered = { kind: "hang", call: "proxy_send_local_response" };
  for (const finding of report.findings) expect(finding).toMatchObject(unanswered);
  expect(report.runs).toBeGreaterThan(40);
});

test("a filter that lets pass what it cannot read is found, with the request", async () => {
  const report = await exhaust(careless("fails_open"), userAndAdmin, { unauthorised });

  const found = own(report).map(({ callback, failure, nth }) => [callback, failure, nth]);
  expect(found).toEqual([
    ...failures.map((status) => ["proxy_on_request_headers", status, null]),
    ...failures.map((status) => ["proxy_on_request_headers", status, 1]),
    ["proxy_on_request_headers", "no memory", 2],
  ]);
  for (const { kind, what } of own(report))
    expect([kind, what]).toEqual(["unauthorised", "unauthorised GET /as-user reached the upstream"]);
  const faults = new Set(report.findings.map(({ fault }) => fault));
  expect(report.disturbed.filter(({ fault }) => faults.has(fault))).toEqual([]);
  expect(report.unmet).toEqual([]);
});

test("a filter that traps on a failure is found, with its line", async () => {
  const report = await exhaust(careless("traps"), userAndAdmin);

  const line = await placeOf("unreachable()");
  const found = own(report).map(({ failure, nth }) => [failure, nth]);
  expect(found).toEqual([
    ...failures.map((status) => [status, null]), // the first alone is no run of its own: there is no second any more
    ...failures.map((status) => [status, 2]),
    ...[["no memory", 2], ["no memory", 3]], // prettier-ignore
  ]);
  for (const { kind, what } of own(report)) {
    expect(kind).toBe("trap");
    expect(what).toContain(`plugin "mishandles-failures" trapped in proxy_on_request_headers at ${line}`);
  }
});

test("a filter that spins on a failure is found, with its line", async () => {
  const report = await exhaust(careless("spins"), userAndAdmin, always);

  const line = await placeOf("turns++");
  expect(own(report).map(({ failure }) => failure)).toEqual(failures);
  for (const { kind, what } of own(report)) {
    expect(kind).toBe("hang");
    expect(what).toContain(`at ${line}`);
    expect(what).toContain("endless loop: proxy_on_request_headers ran for 0.1 s");
  }
});

test("a filter that holds a stream for ever is found, with the stream", async () => {
  const report = await exhaust(careless("holds"), userAndAdmin, always);

  expect(own(report).map(({ failure }) => failure)).toEqual(failures);
  for (const { kind, what } of own(report)) {
    expect(kind).toBe("hang");
    expect(what).toContain('GET /as-user is held in the request by plugin "mishandles-failures"');
  }
});

const swallowed = async ({ proxy }: FreshProxy): Promise<unknown> => proxy.get("/").catch(() => undefined);
const unawaited = (fresh: FreshProxy): void => void swallowed(fresh);

test.for([
  ["that nobody waits for", unawaited],
  ["whose end the scenario swallows", swallowed],
] as const)("a stream %s is found", async ([, scenario]) => {
  const report = await exhaust(careless("holds"), scenario, always);

  expect(own(report).map(({ kind }) => kind)).toEqual(["hang", "hang", "hang"]);
});

test("a plugin that traps while it starts is found, one that refuses to start is no finding", async () => {
  const get = ({ proxy }: FreshProxy) => proxy.get("/");
  const trapping = await exhaust({ chain: [{ filter: guest("raw/reads-its-configuration") }] }, get);
  const refusing = await exhaust({ chain: [authz] }, get, { ...always, unauthorised: () => true });

  expect(trapping.findings.map(({ kind, failure, replay }) => [kind, failure, replay])).toContainEqual([
    "trap",
    "NotFound",
    'startFaults: (faults) => faults.hostCall("proxy_get_buffer_bytes", { status: "NotFound" }),',
  ]);
  expect(trapping.findings[0]?.what).toMatch(
    /^plugin "reads-its-configuration" trapped in proxy_on_configure/,
  );
  expect(refusing.findings.filter(({ call }) => call === "proxy_get_buffer_bytes")).toEqual([]);
  expect(refusing.refused).toBeGreaterThanOrEqual(4);
});

test("a trap at each callback is tried where the test wants it, and is no finding by itself", async () => {
  const chain = [{ filter: guest("edits-bodies") }];
  const seen = new Set<number>();
  const posts = async ({ proxy }: FreshProxy) => seen.add((await proxy.post("/", ["a", "b"])).status);
  const report = await exhaust({ chain }, posts, { ...always, traps: true, occurrences: 9 });
  const without = await exhaust({ chain }, posts, { ...always, occurrences: 9 });

  expect(report.runs - without.runs).toBeGreaterThan(6); // three pieces of the body among them
  expect(report.findings).toEqual(without.findings);
  expect(seen).toContain(503); // the scenario goes on with what clients get of a trap
});

/** What lets a user pass where the filter fails open; on a busy machine others may take long, too. */
const hangs = failures.map((status) => `${asks} → ${status},`);

test("a scenario that waits for a time which only it lets pass is not taken for a hang", async () => {
  const frozen = async ({ proxy, upstream }: FreshProxy): Promise<void> => {
    proxy.clock.freeze();
    upstream.respond({ delayMs: 1 });
    await proxy.get("/as-user", { headers: { "x-role": "user" } });
  };
  const report = await exhaust(careless("fails_open"), frozen, { ...always, scenarioMs: 1_000 });

  expect(own(report)).toEqual([]);
  const waiting = report.disturbed.filter(({ fault }) => hangs.some((text) => fault.startsWith(text)));
  expect(waiting.map(({ error }) => error)).toMatchObject(failures.map(() => ({ code: "timeout" })));
});

test("a scenario that is thrown out while it holds the clock leaves nobody hanging", async () => {
  const admin = { headers: { "x-role": "admin" } };
  const leaving = async ({ proxy, upstream }: FreshProxy): Promise<void> => {
    const { status } = await proxy.get("/as-admin", admin);
    upstream.respond({ delayMs: 1 });
    proxy.clock.freeze();
    const open = proxy.get("/as-admin", admin).catch(() => undefined);
    expect(status).toBe(200);
    await proxy.clock.advance(1);
    await open;
  };
  const report = await exhaust(careless("refuses"), leaving, { ...always, occurrences: 1 });

  expect(own(report)).toEqual([]);
  const alone = report.disturbed.filter(({ fault }) => fault.startsWith(`${asks} → BadArgument, call 1`));
  expect(alone.map(({ error }) => error.message)).toEqual([expect.stringMatching(/expected 403 to be 200/)]);
});

test("a run that does not end is found", async () => {
  const forEver = async ({ proxy }: FreshProxy): Promise<void> => {
    const { status } = await proxy.get("/as-user", { headers: { "x-role": "user" } });
    if (status === 200) await new Promise(() => undefined);
  };
  const report = await exhaust(careless("fails_open"), forEver, { ...always, scenarioMs: 200 });

  const late = report.findings.filter(({ fault }) => hangs.some((text) => fault.startsWith(text)));
  expect(late.map(({ what }) => what)).toEqual(failures.map(() => "the run did not end in 200 ms"));
});

test("faults are set before the plugins start where the test says so, and in no real Envoy", async () => {
  const startFaults: ProxyOptions["startFaults"] = (faults) =>
    faults.hostCall("proxy_get_buffer_bytes", { status: "NotFound" });

  const refused = { code: "configuration_refused", message: expect.stringContaining("NotFound") as unknown };
  await expect(startProxy({ chain: [authz], startFaults })).rejects.toMatchObject(refused);
  await expect(startProxy({ chain: [authz], startFaults, backend: "envoy" })).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(/needs: \["faults"\]/) as unknown,
  });
});
