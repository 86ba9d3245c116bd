import { readFileSync } from "node:fs";
import { startBootstrap, statsTags, Upstream } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { requiresEnvoy } from "../harness/requires-envoy.ts";

const folder = new URL("../../envoy-configs/", import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, folder), "utf8");

/** What the configuration of all three asks for, with what every filter and this one have beside it. */
const tags = statsTags([
  ...["method", "path", "cluster", "response_code", "tenant", "error", "worker"],
  ...["filter", "version", "build"],
]);

interface Tagged {
  readonly stats_config: { readonly stats_tags: unknown };
}

test("the bootstrap takes out the labels that its filter has", () => {
  expect((parse(textOf("metrics.yaml")) as Tagged).stats_config.stats_tags).toEqual(tags);
});

test("the example for Istio takes out the same ones", () => {
  const [, filter] = parseAllDocuments(textOf("metrics.istio.yaml"));
  const value = filter?.getIn(["spec", "configPatches", 0, "patch", "value"]) as { toJSON(): Tagged };

  expect(value.toJSON().stats_config.stats_tags).toEqual(tags);
});

test("so does the one for Envoy Gateway", () => {
  const [, proxy] = parseAllDocuments(textOf("metrics.envoy-gateway.yaml"));
  const value = parse(String(proxy?.getIn(["spec", "bootstrap", "value"]))) as Tagged;

  expect(value.stats_config.stats_tags).toEqual(tags);
});

test("a real Envoy counts by the bootstrap as it stands, buckets included", async ({ skip }) => {
  await requiresEnvoy(skip);
  const service = new Upstream();
  await using proxy = await startBootstrap(new URL("metrics.yaml", folder).pathname, {
    modules: { metrics: "metrics" },
    clusters: { service },
  });

  await proxy.get("http", "/orders/7/items/3", { headers: { "x-tenant": "acme" } });
  await proxy.get("http", "/users/7", { headers: { "x-tenant": "stranger" } });
  await proxy.settled();

  const page = await proxy.prometheus();
  const labels = { method: "GET", cluster: "service", response_code: "200" };
  const [orders, users] = [
    { ...labels, path: "/orders/:id/items/**", tenant: "acme" },
    { ...labels, path: "/users/:id", tenant: "_OTHER" },
  ];
  expect(page).toHavePrometheusSeries("http_requests_total", { labels: orders, value: 1 });
  expect(page).toHavePrometheusSeries("http_requests_total", { labels: users, value: 1 });
  const buckets = page
    .split("\n")
    .filter((line) => line.startsWith("http_request_bytes_bucket") && line.includes("acme"));
  expect(buckets.map((line) => /le="([^"]+)"/.exec(line)?.[1])).toEqual(["100", "1000", "10000", "100000", "1000000", "10000000", "+Inf"]); // prettier-ignore
});
