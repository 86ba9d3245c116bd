import { chainTest, expect } from "proxy-wasm-harness/vitest";

const plugin = (name: string, configuration: object) => ({
  filter: "metrics",
  rootId: "metrics",
  name,
  configuration: JSON.stringify(configuration),
});
const tenant = [{ header: "x-tenant", label: "tenant" }];

const apart = chainTest([
  plugin("one", { stat_prefix: "one", labels: [], request_headers: tenant, max_series: 2 }),
  plugin("two", { stat_prefix: "two", labels: ["method"], max_series: 1 }),
]);

apart("two plugins of other prefixes share neither series nor limit", async ({ proxy }) => {
  for (const name of ["a", "b", "c"]) await proxy.get("/", { headers: { "x-tenant": name } });
  await proxy.settled();

  const counted = proxy.stats.names().filter((name) => name.includes(".requests_total"));
  expect(Object.fromEntries(counted.map((name) => [name, proxy.stats.get(name)]))).toEqual({
    "one.requests_total{tenant=a}": 1,
    "one.requests_total{tenant=b}": 1,
    "one.requests_total{tenant=__overflow__}": 1,
    "two.requests_total{method=GET}": 3,
  });
});

const together = chainTest([
  plugin("one", { stat_prefix: "both", labels: ["method"] }),
  plugin("two", { stat_prefix: "both", labels: ["method"] }),
]);

together("two plugins of one prefix count together", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.stats).toHaveCounter("both.requests_total{method=GET}", 2);
});

const both = chainTest([plugin("filter", {})], {
  accessLoggers: [{ filter: "metrics", rootId: "metrics-access-log", configuration: { labels: ["method"] } }],
  virtualHost: { routes: [{ name: "all", prefix: "/" }] },
  needs: ["envoy>=1.37"], // sizes without the headers'
});

both("filter and access logger count the same under two names", async ({ proxy }) => {
  await proxy.post("/", "body");
  await proxy.settled();

  const labels = "{method=POST}{route=all}{cluster=upstream}{response_code=200}";
  expect(proxy.stats).toHaveCounter(`metrics.requests_total${labels}`, 1);
  expect(proxy.stats).toHaveCounter("metrics_access_log.requests_total{method=POST}", 1);
  expect(proxy.stats.histogram("metrics_access_log.request_bytes{method=POST}")).toEqual({
    count: 1,
    sum: 4,
  });
});

const changed = chainTest([plugin("changes", { labels: ["method"] })]);

changed("a new configuration counts on in the series that there are", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.update({ chain: [plugin("changes", { labels: ["method"], histograms: [] })] });
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.stats).toHaveCounter("metrics.requests_total{method=GET}", 2);
  expect(proxy.stats).toHaveHistogram("metrics.request_bytes{method=GET}", { count: 1 });
});
