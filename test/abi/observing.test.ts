import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { ClusterSchema } from "proxy-wasm-harness/api/envoy/config/cluster/v3/cluster";
import { ListenersConfigDumpSchema } from "proxy-wasm-harness/api/envoy/admin/v3/config_dump_shared";
import { guest } from "../guests/guest.ts";

const traced = filterTest(guest("metrics"), undefined, { needs: ["tracing"], tracing: true });
const refusing = filterTest(
  "header-authz",
  { rules: [{ allow: { header: "x-role", exact: "admin" } }] },
  { needs: ["tracing"], tracing: true },
);
const logged = filterTest(guest("properties"), undefined, {
  needs: ["access-log"],
  accessLog: {
    requestHeaders: ["x-a"],
    responseHeaders: ["x-b"],
    responseTrailers: ["x-t"],
    filterState: ["wasm.seen"],
  },
});
const watched = filterTest(guest("metrics"), undefined, {
  needs: ["envoy-log"],
  envoyLogLevels: { router: "debug" },
});
const asked = filterTest(guest("metrics"), undefined, { needs: ["admin"] });
const scraped = filterTest(guest("metrics"), undefined, { needs: ["prometheus"] });
const anywhere = filterTest(guest("metrics"));

traced("a stream has a span, and another for what was sent upstream", async ({ proxy, upstream }) => {
  upstream.respond({ status: 503 });
  await proxy.get("/orders");
  await proxy.settled();

  expect(proxy.spans).toHaveSpan({ kind: "server", attributes: { "http.status_code": "503" } });
  const [server, client] = proxy.spans;
  expect(client).toMatchObject({ kind: "client", parentSpanId: server?.spanId, status: "error" });
  expect(upstream.requests[0]?.headers.get("traceparent")).toBe(`00-${client?.traceId}-${client?.spanId}-01`);
});

traced("a span has its timings as numbers", async ({ proxy, upstream }) => {
  upstream.respond({ delayMs: 20 });
  const before = Date.now();
  await proxy.get("/");
  await proxy.settled();

  const [server, client] = proxy.spans;
  expect(client?.durationMs).toBeGreaterThanOrEqual(19);
  expect(server?.durationMs).toBeGreaterThanOrEqual(client?.durationMs ?? Infinity);
  expect(server?.startMs).toBeGreaterThanOrEqual(before - 1);
  expect(client?.startMs).toBeGreaterThanOrEqual(server?.startMs ?? Infinity);
});

traced("a span belongs to the trace of the caller", async ({ proxy }) => {
  const [trace, caller] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
  const headers = { traceparent: `00-${trace}-${caller}-01`, tracestate: "a=b" };
  await proxy.get("/", { headers });
  await proxy.settled();

  expect(proxy.spans).toHaveSpan({ traceId: trace, parentSpanId: caller, traceState: "a=b" });
});

traced("all spans are there when the streams are settled", async ({ proxy }) => {
  for (const sent of [20, 40, 60]) {
    await Promise.all(Array.from({ length: 20 }, () => proxy.get("/")));
    await proxy.settled();

    expect(proxy.spans).toHaveLength(2 * sent);
  }
});

refusing("a request that a filter answers has no span upstream", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.spans).toMatchObject([{ kind: "server", attributes: { "http.status_code": "401" } }]);
});

anywhere("spans that nobody asked for are refused, with what to ask for", async ({ proxy }) => {
  expect(() => proxy.spans).toThrow("start the proxy with tracing: true");
});

logged("an entry has where the stream went, and what it carried", async ({ proxy, upstream }) => {
  upstream.respond({ headers: { "x-b": "two" }, body: "hello", trailers: { "x-t": "three" } });
  await proxy.post("/?q", "four", { headers: { "x-a": "one", "x-c": "unasked" } });
  await proxy.settled();

  expect(proxy.accessLog).toHaveAccessLogEntry({
    ...{ method: "POST", path: "/?q", status: 200, details: "via_upstream" },
    ...{ upstreamCluster: "upstream", attempts: 1, protocol: "HTTP/1.1", responseFlags: [] },
    bytes: { requestBody: 4, responseBody: 5 },
    requestHeaders: { "x-a": "one" },
    responseHeaders: { "x-b": "two" },
    responseTrailers: { "x-t": "three" },
  });
  expect(proxy.accessLog[0]?.requestHeaders).not.toHaveProperty("x-c");
});

logged("an entry has what a filter set in the filter state", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-set": "seen=it" } });
  await proxy.settled();

  expect(proxy.accessLog[0]?.filterState).toEqual({ "wasm.seen": new TextEncoder().encode("it") });
});

logged("an entry says why there was no response from upstream", async ({ proxy, upstream }) => {
  upstream.respond({ fault: "refuse" });
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.accessLog).toHaveAccessLogEntry({
    status: 503,
    responseFlags: ["UC"],
    upstreamCluster: "upstream",
  });
});

logged("an entry has the times of a stream in their order", async ({ proxy, upstream }) => {
  upstream.respond({ delayMs: 20 });
  await proxy.get("/");
  await proxy.settled();

  const { timings, durationMs = 0 } = proxy.accessLog[0] ?? {};
  const times = [0, ...Object.values(timings ?? {}), durationMs].map(Number);
  expect(times).toHaveLength(9);
  expect(timings?.upstreamResponseBeganMs).toBeGreaterThanOrEqual(19);
  expect(timings?.responseSentMs).toBeLessThanOrEqual(durationMs);
});

logged("every entry is whole when the streams are settled", async ({ proxy }) => {
  for (const sent of [20, 40]) {
    const paths = Array.from({ length: 20 }, (_, i) => `/${sent}/${i}`);
    await Promise.all(paths.map((path) => proxy.get(path, { headers: { "x-a": path } })));
    await proxy.settled();

    expect(proxy.accessLog).toHaveLength(sent);
    for (const { path, requestHeaders } of proxy.accessLog) expect(requestHeaders).toEqual({ "x-a": path });
  }
});

anywhere("an entry has four fields where nobody asked for more", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.accessLog).toEqual([{ method: "GET", path: "/", status: 200, details: "via_upstream" }]);
});

watched("Envoy's own log is read by component and level", async ({ proxy }) => {
  await proxy.get("/x");
  await proxy.settled();

  expect(proxy.envoyLogs).toHaveEnvoyLog("router", "debug", "cluster 'upstream' match for URL '/x'");
});

asked("what Envoy logs has no lines of filters, and none of the ABI", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-add": "1", "x-mix": "" } });
  await proxy.settled();

  expect(proxy.logs).toHaveLogged("error", "gauge metrics.gauge either counts or is set");
  expect(proxy.envoyLogs.filter(({ message }) => /^wasm log|^\[|metrics\.gauge/.test(message))).toEqual([]);
});

asked("Envoy runs the module that was built", async ({ proxy }) => {
  const [built] = proxy.modules;
  if (built === undefined) return expect.unreachable();

  expect(await proxy.admin.modules()).toRunModule(built);
});

asked("the clusters have their servers with their health and counters", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.settled();

  const endpoint = {
    isHealthy: true,
    healthFlags: [],
    counters: { rq_total: 1, rq_success: 1, rq_error: 0 },
  };
  expect(await proxy.admin.clusters()).toMatchObject([{ name: "upstream", endpoints: [endpoint] }]);
});

asked("the listeners say where they listen", async ({ proxy }) => {
  expect(await proxy.admin.listeners()).toEqual([
    { name: "proxy", address: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string },
  ]);
});

asked("the configuration is read as typed messages, however deep they stand", async ({ proxy }) => {
  const dump = await proxy.admin.configDump();

  expect(dump.messages(ClusterSchema).map(({ name }) => name)).toContain("upstream");
  const listeners = dump.messages(ListenersConfigDumpSchema).flatMap((part) => part.dynamicListeners);
  const ofTheTest = listeners.filter(({ name }) => !name.startsWith("proxy-wasm-harness-"));
  expect(ofTheTest.map(({ name }) => name)).toEqual(["proxy"]);
});

asked("whatever the admin interface answers can be read", async ({ proxy }) => {
  expect(JSON.parse(await proxy.admin.get("/server_info"))).toMatchObject({ state: "LIVE" });
});

asked("Envoy's own histograms are there", async ({ proxy }) => {
  for (const path of ["/", "/"]) await proxy.get(path);
  await proxy.settled();

  expect(proxy.stats).toHaveHistogram("http.proxy.downstream_rq_time", { count: 2 });
});

asked("a stream that was cut short has its samples too", async ({ proxy, upstream }) => {
  upstream.respond({ fault: "reset" });
  await expect(proxy.get("/", { headers: { "x-record": "7" } })).rejects.toThrow("cut short");
  await proxy.settled();

  expect(proxy.stats).toHaveHistogram("metrics.sizes_bytes", { count: 1, sum: 7 });
});

anywhere("a histogram has buckets and percentiles", async ({ proxy }) => {
  for (const value of ["0", "7", "1299", "1201"]) await proxy.get("/", { headers: { "x-record": value } });
  await proxy.settled();

  expect(proxy.stats.buckets("metrics.sizes_bytes")).toEqual([
    { lowerBound: 0, width: 0, count: 1 },
    { lowerBound: 7, width: expect.closeTo(0.1) as number, count: 1 },
    { lowerBound: 1200, width: 100, count: 2 },
  ]);
  expect([0, 0.5, 0.51, 1].map((part) => proxy.stats.percentile("metrics.sizes_bytes", part))).toEqual([0, 7, 1200, 1200]); // prettier-ignore
});

scraped("a series of Prometheus is found by its labels", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.settled();

  expect(await proxy.prometheus()).toHavePrometheusSeries("envoy_http_downstream_rq_completed", {
    labels: { envoy_http_conn_manager_prefix: "proxy" },
    value: 1,
  });
});
