import type { StartedProxy } from "proxy-wasm-harness";
import { chainTest, expect } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";
import { guest } from "../guests/guest.ts";

const isVirtual = inject("proxyWasmBackend") === "embedded";
const logger = { filter: guest("logs-access"), configuration: { greeting: "hello" } };
const test = chainTest([], {
  accessLoggers: [{ ...logger, vmConfiguration: "of the VM" }],
  virtualHost: { routes: [{ name: "all", prefix: "/" }] },
});

async function logsOf(proxy: StartedProxy): Promise<string[]> {
  await proxy.settled();
  return proxy.logs.map(({ message }) => message);
}

test("an access logger is configured as every plugin, and reads the VM's configuration", async ({
  proxy,
}) => {
  const said = new Set(proxy.startLogs.map(({ message }) => message));

  expect([...said]).toEqual(["configured: hello, vm: of the VM"]);
});

test("an access logger reads headers, trailers and properties of a stream", async ({ proxy, upstream }) => {
  upstream.respond({ status: 404, body: "no", headers: { "x-b": "2" }, trailers: { "x-sum": "6" } });
  await proxy.get("/path?query", { headers: { "x-a": "1", te: "trailers" } });

  expect(await logsOf(proxy)).toEqual([
    "/path?query 404 took a while",
    "x-a=1 trailers x-sum=6",
    "x-b=2 vm: of the VM",
    "details via_upstream, route all",
  ]);
  expect(proxy.stats).toHaveCounter("logs_access.streams{code=404}", 1);
});

test("what is not there is null to an access logger, and trailers are none", async ({ proxy }) => {
  await proxy.get("/");

  expect((await logsOf(proxy)).slice(1, 3)).toEqual(["x-a=null trailers", "x-b=null vm: of the VM"]);
});

test("an access logger can change nothing of a stream", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-write": "", "x-a": "1" } });

  const logs = await logsOf(proxy);
  expect(logs).toContain("wrote nothing, kept nothing");
  expect(logs).toContain(
    "proxy_replace_header_map_value was refused by the host with status BadArgument (2)",
  );
  expect(await proxy.get("/")).toHaveStatus(200);
});

test("an access logger has timers", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-later": "" } });
  if (isVirtual) await proxy.clock.advance(5);

  const late = async (): Promise<number | null> => {
    await proxy.settled();
    return proxy.stats.get("logs_access.late");
  };
  await expect.poll(late, { interval: 5 }).toBe(1);
});

test("an access logger is told of each stream, whatever became of it", async ({ proxy, upstream }) => {
  upstream.respond({ fault: "refuse" });
  await proxy.get("/one");
  await proxy.get("/two");

  const logs = await logsOf(proxy);
  expect(logs.filter((line) => line.startsWith("/"))).toEqual([
    "/one 503 took a while",
    "/two 503 took a while",
  ]);
});

const counting = chainTest([], { accessLoggers: [{ filter: guest("counts-codes") }] });

counting("a stream that failed is counted and named", async ({ proxy, upstream }) => {
  upstream.respond({ status: 500 });
  await proxy.get("/", { headers: { "user-agent": "curl" } });
  await proxy.settled();

  expect(proxy.stats).toHaveCounter("counts_codes.streams{code=500}", 1);
  expect(proxy.logs).toHaveLogged("warn", "failed for curl");
});

const both = guest("filters-and-logs");
const together = chainTest(
  [
    { filter: both, rootId: "filter", name: "one" },
    { filter: both, rootId: "filter", name: "two", vmId: "other" },
  ],
  {
    accessLoggers: [
      { filter: both, rootId: "logger", name: "first" },
      { filter: both, rootId: "logger", name: "second", vmId: "other" },
    ],
  },
);

together("filters log first, then access loggers, then the filters are done", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.logs.map(({ message, source }) => `${source}: ${message}`)).toEqual([
    "one filter: the filter logs",
    "two filter other: the filter logs",
    "logger: the logger logs",
    "logger other: the logger logs",
  ]);
  const callbacks = proxy.transcript.filter(({ kind }) => kind === "callback").map(({ name }) => name);
  expect(callbacks.slice(-8)).toEqual([
    ...["proxy_on_log", "proxy_on_log", "proxy_on_log", "proxy_on_log"],
    ...["proxy_on_done", "proxy_on_delete", "proxy_on_done", "proxy_on_delete"],
  ]);
});

const misplaced = chainTest([{ filter: both, rootId: "logger" }], {
  accessLoggers: [{ filter: both, rootId: "filter" }],
});

misplaced("a plugin in the place of another kind lets streams pass, and says so once", async ({ proxy }) => {
  expect(await proxy.get("/")).toHaveStatus(200);
  expect(await proxy.get("/")).toHaveStatus(200);

  await proxy.settled();
  expect(proxy.logs.map(({ level, message }) => `${level} ${message}`)).toEqual([
    "error Logger is no filter, and lets streams pass: the proxy's configuration has it in the wrong place",
    "error filter is no access logger, and logs nothing: the proxy's configuration has it in the wrong place",
  ]);
});
