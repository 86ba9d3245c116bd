import type { FilterConfigurations, ResponseInput, RequestInput } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { describe, inject } from "vitest";

type Metrics = FilterConfigurations["metrics"];

/** A request, the upstream's answer, and the series that it must be counted in, and in no other. */
interface Scenario {
  readonly title: string;
  readonly configuration: Metrics;
  readonly request?: Partial<RequestInput>;
  readonly answer?: ResponseInput;
  readonly series: string;
}

const by = (...labels: NonNullable<Metrics["labels"]>): Metrics => ({ labels });
const tenant = (values?: string[]): Metrics => ({
  labels: [],
  request_headers: [{ header: "X-Tenant", label: "tenant", ...(values === undefined ? {} : { values }) }],
});
const paths = (...templates: string[]): Metrics => ({ labels: ["path"], paths: templates });
const latin1 = Uint8Array.of(0x61, 0xff);

// A table: one line a scenario.
// prettier-ignore
const groups: Readonly<Record<string, readonly Scenario[]>> = {
  "the default": [
    { title: "the default labels are method, route, cluster and status", configuration: {}, series: "{method=GET}{route=all}{cluster=upstream}{response_code=200}" },
    { title: "no labels are one series", configuration: by(), series: "" },
  ],
  labels: [
    { title: "method", configuration: by("method"), request: { method: "DELETE" }, series: "{method=DELETE}" },
    { title: "a method that nobody knows is another", configuration: by("method"), request: { method: "PURGE" }, series: "{method=_OTHER}" },
    { title: "a longer method is another", configuration: by("method"), request: { method: "GETS" }, series: "{method=_OTHER}" },
    { title: "a part of a method is none", configuration: by("method"), request: { method: "GE" }, series: "{method=_OTHER}" },
    { title: "route", configuration: by("route"), series: "{route=all}" },
    { title: "virtual_host", configuration: by("virtual_host"), series: "{virtual_host=shop}" },
    { title: "cluster", configuration: by("cluster"), series: "{cluster=upstream}" },
    { title: "response_code", configuration: by("response_code"), answer: { status: 404 }, series: "{response_code=404}" },
    { title: "a status that nobody knows", configuration: by("response_code"), answer: { status: 299 }, series: "{response_code=299}" },
    { title: "response_code_class", configuration: by("response_code_class"), answer: { status: 404 }, series: "{response_code_class=4xx}" },
    { title: "response_flags of a response that is the upstream's", configuration: by("response_flags"), series: "{response_flags=-}" },
    { title: "request_protocol", configuration: by("request_protocol"), series: "{request_protocol=HTTP/1.1}" },
    { title: "grpc_response_status is empty without gRPC", configuration: by("grpc_response_status"), series: "{grpc_response_status=}" },
    { title: "source_principal is empty without TLS", configuration: by("source_principal"), series: "{source_principal=}" },
    { title: "labels in another order are the same series", configuration: by("response_code", "method"), series: "{method=GET}{response_code=200}" },
  ],
  headers: [
    { title: "a header of the request", configuration: tenant(), request: { headers: { "x-tenant": "acme" } }, series: "{tenant=acme}" },
    { title: "an absent header is an empty label", configuration: tenant(), series: "{tenant=}" },
    { title: "an empty header is an empty label", configuration: tenant(), request: { headers: { "x-tenant": "" } }, series: "{tenant=}" },
    { title: "the first value of a repeated header", configuration: tenant(), request: { headers: [["x-tenant", "a"], ["x-tenant", "b"]] }, series: "{tenant=a}" },
    { title: "a value that is no UTF-8", configuration: tenant(), request: { headers: [["x-tenant", latin1]] }, series: "{tenant=a%FF}" },
    { title: "a value that would end its label", configuration: tenant(), request: { headers: { "x-tenant": "a}{x=b" } }, series: "{tenant=a%7D%7Bx=b}" },
    { title: "a value beyond 100 bytes", configuration: tenant(), request: { headers: { "x-tenant": "a".repeat(5000) } }, series: `{tenant=${"a".repeat(100)}}` },
    { title: "a header that nobody allowed is no label", configuration: tenant(), request: { headers: { "x-other": "acme" } }, series: "{tenant=}" },
    { title: "a value of the list", configuration: tenant(["a", "b"]), request: { headers: { "x-tenant": "b" } }, series: "{tenant=b}" },
    { title: "a value that is not of the list", configuration: tenant(["a", "b"]), request: { headers: { "x-tenant": "c" } }, series: "{tenant=_OTHER}" },
    { title: "a longer value is not of the list", configuration: tenant(["a", "b"]), request: { headers: { "x-tenant": "aa" } }, series: "{tenant=_OTHER}" },
    { title: "an absent header with a list", configuration: tenant(["a", "b"]), series: "{tenant=}" },
  ],
  "templates of paths": [
    { title: "a path of a template", configuration: paths("/users/{id}"), request: { path: "/users/17" }, series: "{path=/users/:id}" },
    { title: "the query is not of the path", configuration: paths("/users/{id}"), request: { path: "/users/17?a=/b" }, series: "{path=/users/:id}" },
    { title: "a longer path is another", configuration: paths("/users/{id}"), request: { path: "/users/17/x" }, series: "{path=_OTHER}" },
    { title: "a shorter path is another", configuration: paths("/users/{id}"), request: { path: "/users" }, series: "{path=_OTHER}" },
    { title: "an empty segment is no value", configuration: paths("/users/{id}"), request: { path: "/users/" }, series: "{path=_OTHER}" },
    { title: "the case of a path counts", configuration: paths("/users/{id}"), request: { path: "/Users/17" }, series: "{path=_OTHER}" },
    { title: "an encoded slash ends no segment", configuration: paths("/users/{id}"), request: { path: "/users/1%2f7" }, series: "{path=/users/:id}" },
    { title: "an encoded letter is another", configuration: paths("/users/{id}"), request: { path: "/%75sers/17" }, series: "{path=_OTHER}" },
    { title: "* is one segment", configuration: paths("/orders/{id}/items/*"), request: { path: "/orders/1/items/2" }, series: "{path=/orders/:id/items/*}" },
    { title: "** is any number of segments", configuration: paths("/files/**"), request: { path: "/files/a/b//c" }, series: "{path=/files/**}" },
    { title: "** is no segment, too", configuration: paths("/files/**"), request: { path: "/files" }, series: "{path=/files/**}" },
    { title: "** begins with a slash", configuration: paths("/files/**"), request: { path: "/filesystem" }, series: "{path=_OTHER}" },
    { title: "the root", configuration: paths("/"), request: { path: "/" }, series: "{path=/}" },
    { title: "the root is no other path", configuration: paths("/"), request: { path: "/a" }, series: "{path=_OTHER}" },
    { title: "/** is every path", configuration: paths("/**"), request: { path: "/a/b" }, series: "{path=/**}" },
    { title: "the first template that matches", configuration: paths("/users/me", "/users/{id}"), request: { path: "/users/me" }, series: "{path=/users/me}" },
    { title: "an asterisk for a path", configuration: paths("/**"), request: { method: "OPTIONS", path: "*" }, series: "{path=_OTHER}" },
  ],
};

describe.each(Object.entries(groups))("%s", (_, scenarios) => {
  for (const scenario of scenarios) testScenario(scenario);
});

function testScenario({ title, configuration, request = {}, answer, series }: Scenario): void {
  const test = filterTest("metrics", configuration, {
    virtualHost: { name: "shop", routes: [{ name: "all", prefix: "" }] },
  });

  test(title, async ({ proxy, upstream }) => {
    if (answer !== undefined) upstream.respond(answer);
    await proxy.request({ path: "/", ...request });
    await proxy.settled();

    const counted = proxy.stats.names().filter((name) => name.startsWith("metrics.requests_total"));
    expect(counted).toEqual([`metrics.requests_total${series}`]);
    expect(proxy.stats).toHaveCounter(`metrics.requests_total${series}`, 1);
    expect(proxy.stats).toHaveHistogram(`metrics.request_duration_milliseconds${series}`, { count: 1 });
  });
}

// Without `request.headers_bytes` the size of the headers cannot be told from the body's.
const sized = filterTest("metrics", { labels: [] }, { needs: ["envoy>=1.37"] });

sized("the sizes of both bodies are recorded", async ({ proxy, upstream }) => {
  upstream.respond({ body: ["12", "345", "67"] });
  await proxy.post("/", ["123", "45"]);
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.stats.histogram("metrics.request_bytes")).toEqual({ count: 2, sum: 5 });
  expect(proxy.stats.histogram("metrics.response_bytes")).toEqual({ count: 2, sum: 14 });
});

filterTest("metrics", { labels: [] })("active_requests is 0 again when all is over", async ({ proxy }) => {
  await Promise.all(Array.from({ length: 20 }, () => proxy.get("/")));
  await proxy.settled();

  const active = proxy.stats.names().filter((name) => name.startsWith("metrics.active_requests"));
  expect(active.map((name) => proxy.stats.get(name)).every((value) => value === 0)).toBe(true);
  expect(proxy.stats).toHaveCounter("metrics.requests_total", 20);
});

const measures = {
  duration: "request_duration_milliseconds",
  request_size: "request_bytes",
  response_size: "response_bytes",
} as const;

for (const measure of ["duration", "request_size", "response_size"] as const) {
  const only = filterTest("metrics", { labels: ["method"], histograms: [measure] });

  only(`of the histograms ${measure} alone is there where it alone is asked for`, async ({ proxy }) => {
    await proxy.get("/");
    await proxy.settled();

    for (const [name, histogram] of Object.entries(measures)) {
      const found = proxy.stats.histogram(`metrics.${histogram}{method=GET}`);
      expect(found?.count ?? 0, name).toBe(name === measure ? 1 : 0);
    }
  });
}

const named = filterTest("metrics", { stat_prefix: "ingress.http", labels: [] });

named("stat_prefix begins every name", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.settled();

  expect(proxy.stats).toHaveCounter("ingress.http.requests_total", 1);
  expect(proxy.stats.names().filter((name) => name.startsWith("metrics."))).toEqual([]);
});

const errors = filterTest("metrics", { labels: [] });

errors("a status of 500 and more is an error, 4xx is none", async ({ proxy, upstream }) => {
  for (const status of [200, 404, 500, 503]) {
    upstream.respond({ status });
    await proxy.get("/");
  }
  await proxy.settled();

  expect(proxy.stats).toHaveCounter("metrics.requests_total", 4);
  expect(proxy.stats).toHaveCounter("metrics.request_errors_total{error=5xx}", 2);
  expect(proxy.stats.names().filter((name) => name.includes("{error="))).toHaveLength(1);
});

const capped = filterTest("metrics", { ...tenant(), max_series: 3 });

capped("series beyond the limit share one, and the log says so", async ({ proxy }) => {
  for (let i = 0; i < 20; i++) await proxy.get("/", { headers: { "x-tenant": `t${i}` } });
  await proxy.settled();

  const names = proxy.stats.names().filter((name) => name.startsWith("metrics.requests_total"));
  expect(names.toSorted()).toEqual([
    "metrics.requests_total{tenant=__overflow__}",
    ...[
      "metrics.requests_total{tenant=t0}",
      "metrics.requests_total{tenant=t1}",
      "metrics.requests_total{tenant=t2}",
    ],
  ]);
  expect(proxy.stats).toHaveCounter("metrics.requests_total{tenant=__overflow__}", 17);
  const warnings = proxy.logs.filter(({ level }) => level === "warn");
  expect(warnings.length).toBeGreaterThan(0);
  expect(warnings.length).toBeLessThanOrEqual(inject("proxyWasmConcurrency") ?? 1); // a VM says so once
});
