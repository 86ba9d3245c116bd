import {
  startNetworkProxy,
  startProxy,
  TcpUpstream,
  Upstream,
  type StartedNetworkProxy,
} from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { onTestFinished, test, vi } from "vitest";
import { guest } from "../guests/guest.ts";
import { requiresCi } from "./requires-ci.ts";

const chain = [{ filter: guest("echo-headers"), configuration: { log: true } }];

/** The warnings of this test, of the process's that other files share. */
function emitted(): string[] {
  const warnings: string[] = [];
  const spy = vi.spyOn(process, "emitWarning").mockImplementation((warning) => {
    warnings.push(String(warning));
  });
  onTestFinished(() => spy.mockRestore());
  return warnings;
}

const about = (name: string, warnings: readonly string[]): string[] =>
  warnings.filter((warning) => warning.startsWith(`${name} has`));

test("of many requests the newest are kept, by the upstream and in the access log, and the upstream warns", async () => {
  const upstream = new Upstream();
  await using proxy = await startProxy({ chain, upstream, logLevel: "error" });
  const warnings = emitted();
  for (let i = 0; i < 20_000; i++) await proxy.get(`/${i}`);
  await proxy.get("/last");
  await proxy.settled();

  expect([upstream.requests.length, upstream.requests.omitted]).toEqual([10_001, 10_000]);
  expect(upstream.requests[0]?.path).toBe("/10000");
  expect(upstream.requests.at(-1)?.path).toBe("/last");
  expect(about("upstream.requests", warnings)).toEqual([
    expect.stringContaining("upstream.requests.omitted is how many it has not"),
  ]);

  expect([proxy.accessLog.length, proxy.accessLog.omitted]).toEqual([10_001, 10_000]);
  expect(proxy.accessLog).toHaveAccessLogEntry({ path: "/10000" });
  expect(() => expect(proxy.accessLog).not.toHaveAccessLogEntry({ path: "/1" })).toThrow(
    "the first 10000 entries of the access log are not kept: send less, or look before",
  );
});

test("of many lines the newest are kept, and nothing is said of what may have been among the others", async () => {
  await using proxy = await startProxy({ chain });
  const headers = Array.from({ length: 90 }, (_, i) => [`x-${i}`, ""] as const);
  for (let i = 0; i < 2_200; i++) await proxy.get(`/${i}`, { headers });
  await proxy.settled();

  const { logs } = proxy;
  expect(logs.length).toBeGreaterThanOrEqual(100_000);
  expect(logs.length).toBeLessThan(200_000);
  expect(logs.omitted).toBeGreaterThan(0);
  expect(logs).toHaveLogged("info", ":path=/2199");
  expect(() => expect(logs).not.toHaveLogged("info", ":path=/1 ")).toThrow(
    `the first ${logs.omitted} lines are not kept: send less, or look before`,
  );
});

test("of many traps the newest are kept", async ({ skip }) => {
  requiresCi(skip);
  const reloading = { failurePolicy: "FAIL_RELOAD", reloadIntervalMs: 2 } as const;
  const traps = [{ filter: guest("raw/obeys"), ...reloading }];
  await using proxy = await startProxy({ chain: traps, allowTraps: true, logLevel: "error" });
  for (let i = 0; i < 2_000; i++) {
    await proxy.get("/", { headers: { "x-do": "h" } });
    await proxy.clock.advance(10);
  }
  await proxy.settled();
  await proxy.get("/", { headers: { "x-do": "h" } });
  await proxy.settled();

  expect([proxy.traps.length, proxy.traps.omitted]).toEqual([1_001, 1_000]);
  expect(proxy.traps.at(-1)).toMatchObject({ callback: "proxy_on_request_headers" });
});

/** Through a network filter. */
async function connecting(upstream: TcpUpstream): Promise<StartedNetworkProxy> {
  return startNetworkProxy({
    chain: [{ filter: guest("observes-connections") }],
    upstream,
    logLevel: "error",
  });
}

test("a proxy lets go of connections that are over", async () => {
  await using proxy = await connecting(new TcpUpstream());
  for (let i = 0; i < 20; i++) await (await proxy.connect()).end();
  const open = await proxy.connect();
  expect(proxy["running"]).toMatchObject({ open: { size: 1 } });

  await open.end();
  expect(proxy["running"]).toMatchObject({ open: { size: 0 } });
});

test("of many connections an upstream keeps the newest, and warns", async ({ skip }) => {
  requiresCi(skip);
  const upstream = new TcpUpstream();
  await using proxy = await connecting(upstream);
  const warnings = emitted();
  for (let i = 0; i < 20_001; i++) await (await proxy.connect()).end();

  expect([upstream.connections.length, upstream.connections.omitted]).toEqual([10_001, 10_000]);
  expect(about("upstream.connections", warnings)).toEqual([
    expect.stringContaining("upstream.connections.omitted is how many it has not"),
  ]);
});

test("what is kept is compared as an array", async () => {
  const upstream = new Upstream();
  await using proxy = await startProxy({ chain: [], upstream });
  await proxy.settled();

  expect(upstream.requests).toStrictEqual([]);
  expect(proxy.accessLog).toStrictEqual([]);
  expect(proxy.logs.omitted).toBe(0);
});
