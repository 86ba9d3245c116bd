import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { findings, PrometheusServer, requiresPrometheus } from "./prometheus-server.ts";

const configuration = {
  stat_prefix: "shop",
  labels: ["method", "path", "route", "response_code", "response_flags"] as const,
  request_headers: [{ header: "x-tenant", label: "tenant" }],
  paths: ["/users/{id}"],
};
const test = filterTest(
  "metrics",
  { ...configuration, labels: [...configuration.labels] },
  {
    needs: ["prometheus"],
    envoy: { labels: ["tenant"] },
    virtualHost: { routes: [{ name: "all", prefix: "/" }] },
  },
);

const labels = { method: "GET", path: "/users/:id", route: "all", response_code: "200", response_flags: "-", tenant: "a b" }; // prettier-ignore

/** What is the filter's of a page, each metric with its type. */
function own(page: string): string {
  return `${page.split("\n").filter((line) => /^(# TYPE )?shop_/.test(line)).join("\n")}\n`; // prettier-ignore
}

test("each label is a label, and the names are those of the documentation", async ({ proxy }) => {
  await proxy.get("/users/7", { headers: { "x-tenant": "a b" } });
  await proxy.settled();

  const page = await proxy.prometheus();
  expect(page).toHavePrometheusSeries("shop_requests_total", { labels, value: 1 });
  for (const name of ["request_duration_milliseconds", "request_bytes", "response_bytes"])
    expect(page).toHavePrometheusSeries(`shop_${name}_count`, { labels, value: 1 });
  expect(page).toHavePrometheusSeries("shop_active_requests", { value: 0 });
});

test("an error is a label", async ({ proxy, upstream }) => {
  upstream.respond({ status: 503 });
  await proxy.get("/users/7", { headers: { "x-tenant": "a b" } });
  await proxy.settled();

  const wanted = { ...labels, response_code: "503", error: "5xx" };
  expect(await proxy.prometheus()).toHavePrometheusSeries("shop_request_errors_total", {
    labels: wanted,
    value: 1,
  });
});

test("promtool finds nothing but what Envoy and the unit of Istio's own histogram bring", async ({
  proxy,
  upstream,
  skip,
}) => {
  requiresPrometheus(skip);
  upstream.respond({ status: 500, headers: { "content-type": "application/grpc" } });
  await proxy.post("/users/7", "", { headers: { "content-type": "application/grpc" } });
  await proxy.settled();

  const found = findings(own(await proxy.prometheus()));
  expect(found.filter((line) => !line.endsWith(" no help text"))).toEqual([
    'shop_request_duration_milliseconds use base unit "seconds" instead of "milliseconds"',
  ]);
});

test("a Prometheus scrapes labels and values", async ({ proxy, skip }) => {
  requiresPrometheus(skip);
  for (let i = 0; i < 5; i++) await proxy.get(`/users/${i}`, { headers: { "x-tenant": "a b" } });
  await proxy.get("/elsewhere", { headers: { "x-tenant": 'c"\\' } });
  await proxy.settled();
  await using prometheus = await PrometheusServer.start(() => proxy.prometheus());

  const counted = () => prometheus.query('shop_requests_total{path="/users/:id"}');
  await expect.poll(counted, { interval: 100 }).toHaveLength(1);
  expect(await counted()).toMatchObject([{ metric: labels, value: 5 }]);
  expect(await prometheus.query('shop_requests_total{path="_OTHER"}')).toMatchObject([
    { metric: { tenant: "c%22%5C" }, value: 1 },
  ]);
  expect(await prometheus.query("sum(shop_requests_total)")).toMatchObject([{ value: 6 }]);
  expect(await prometheus.query("sum(shop_active_requests)")).toMatchObject([{ value: 0 }]);
  expect(await prometheus.query('shop_request_bytes_bucket{path="/users/:id",le="+Inf"}')).toMatchObject([
    { value: 5 },
  ]);
});
