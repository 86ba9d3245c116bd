import type { RequestInput, ResponseInput, VirtualHostOptions } from "proxy-wasm-harness";
import { describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { test } from "../project.ts";
import { scenarios } from "../filters/header-authz/scenarios.ts";
import { expectParity } from "./parity.ts";
import { requiresEnvoy } from "./requires-envoy.ts";

test.for(scenarios)("header-authz: $title", async ({ configuration, headers = [] }, { skip, envoys }) => {
  await requiresEnvoy(skip);

  await expectParity(envoys, {
    filter: "header-authz",
    configuration,
    request: { path: "/path?query", headers },
  });
});

describe("what a filter is shown", () => {
  // A table: one line an exchange.
  // prettier-ignore
  const exchanges: Array<[title: string, request: RequestInput, response?: ResponseInput]> = [
    ["a GET and a response with a body", {}],
    ["a GET and a response without one", {}, {}],
    ["a HEAD", { method: "HEAD" }],
    ["a response of status 204", {}, { status: 204 }],
    ["a response of status 304", {}, { status: 304, headers: { etag: '"1"' } }],
    ["a POST without a body", { method: "POST" }],
    ["a POST with a body", { method: "POST", body: "one" }],
    ["a POST with trailers", { method: "POST", body: "one", trailers: { "x-sum": "6" } }],
    ["a response with trailers", {}, { body: "one", trailers: { "x-sum": "6" } }],
    ["headers that Envoy joins and headers that it does not", { headers: [["accept", "a"], ["accept", "b"], ["x-a", "1"], ["x-a", "2"]] }, { headers: [["vary", "a"], ["vary", "b"], ["set-cookie", "a"], ["set-cookie", "b"]] }],
    ["a request id and a forwarded protocol of the client", { headers: { "x-request-id": "mine", "x-forwarded-proto": "https" } }],
    ["a server and a date of the upstream", {}, { headers: { server: "mine", date: "Sat, 01 Jan 2000 00:00:00 GMT" } }],
    ["fields that belong to the connection", { headers: { te: "trailers" } }, { headers: { "keep-alive": "timeout=1" } }],
    ["another authority and an odd path", { authority: "Example.Test:8080", path: "/a%2fb/../c//d?e=%zz" }],
  ];

  test.for(exchanges)("%s", async ([, request, response = { body: "upstream" }], { skip, envoys }) => {
    await requiresEnvoy(skip);

    await expectParity(envoys, { filter: guest("observer"), request, response });
  });
});

describe("what a filter changes", () => {
  const reply = {
    status: 418,
    details: "no coffee here",
    body: "short and stout",
    headers: [
      ["x-a", "1"],
      ["x-a", "2"],
    ],
  };
  // A table: one line an exchange.
  // prettier-ignore
  const exchanges: Array<[title: string, configuration: object, request?: RequestInput]> = [
    ["a header is added beside another", { edits: [{ do: "add", name: "x-a", value: "2" }] }, { headers: { "x-a": "1" } }],
    ["a header that Envoy joins is added", { edits: [{ do: "add", name: "accept", value: "b" }] }, { headers: [["accept", "a"], ["x-a", "1"]] }],
    ["a header that Envoy keeps one of is set", { edits: [{ do: "set", name: "accept", value: "b" }] }, { headers: [["accept", "a"], ["x-a", "1"]] }],
    ["a header is set over two others", { edits: [{ do: "set", name: "x-a", value: "3" }] }, { headers: [["x-a", "1"], ["x-a", "2"], ["x-b", "1"]] }],
    ["a header is removed", { edits: [{ do: "remove", name: "x-a" }] }, { headers: [["x-a", "1"], ["x-a", "2"]] }],
    ["the path is set", { edits: [{ do: "set", name: ":path", value: "/other" }] }],
    ["a header that is none is refused", { edits: [{ do: "add", name: "x a", value: "1" }, { do: "add", name: "x-a", value: "1\n2" }] }],
    ["a response header is added", { response_header: "added" }],
    ["a local reply", { reply }],
    ["a local reply to a HEAD", { reply }, { method: "HEAD" }],
    ["a local reply without a body", { reply: { status: 403, details: "none" } }],
    ["a local reply with a content type of its own", { reply: { ...reply, headers: [["content-type", "text/html"]] } }],
    ["a local reply to gRPC", { reply: { ...reply, grpc_status: 7 } }, { method: "POST", headers: { "content-type": "application/grpc" } }],
    ["a local reply to gRPC without its status", { reply: { status: 403, details: "none" } }, { method: "POST", headers: { "content-type": "application/grpc+proto" } }],
    ["a local reply to a request with a body", { reply }, { method: "POST", body: ["one", "two"] }],
  ];

  test.for(exchanges)("%s", async ([, configuration, request = {}], { skip, envoys }) => {
    await requiresEnvoy(skip);

    await expectParity(envoys, {
      filter: guest("echo-headers"),
      configuration: { log: true, ...configuration },
      request,
    });
  });
});

describe("what a filter keeps", () => {
  // A table: one line an exchange.
  // prettier-ignore
  const exchanges: Array<[title: string, filter: string, request: RequestInput, configuration?: object]> = [
    ["a gauge and a histogram", "metrics", { headers: { "x-add": "3", "x-subtract": "9", "x-record": "1299" } }],
    ["a gauge that is set", "metrics", { headers: { "x-set": "7" } }],
    ["metrics with labels", "metrics", { headers: [["x-who", "a"], ["x-who", 'b{c}"d'], ["x-who", "a"]] }],
    ["a shared value that is absent", "shared-data", { headers: { "x-do": "get", "x-key": "a" } }],
    ["a shared value that is stored twice", "shared-data", { headers: { "x-do": "race", "x-key": "a" } }],
    ["shared values that are counted up", "shared-data", { headers: { "x-do": "increment", "x-key": "a", "x-value": "3" } }],
    ["compressed bytes", "foreign", { headers: { "x-do": "zlib", "x-value": "a".repeat(99) } }],
    ["bytes that are not compressed", "foreign", { headers: { "x-do": "uncompress", "x-value": "a" } }],
    ["a foreign function that there is not", "foreign", { headers: { "x-do": "none" } }],
    ["a route that is chosen anew", "foreign", { headers: { "x-do": "route", "x-value": "/a" } }],
    ["a timer that is set and cancelled", "timers", { headers: { "x-every": "60000", "x-cancel": "" } }],
  ];

  test.for(exchanges)("%s", async ([, filter, request, configuration = {}], { skip, envoys }) => {
    await requiresEnvoy(skip);

    await expectParity(envoys, { filter: guest(filter), configuration, request });
  });
});

describe("what a filter is told", () => {
  const virtualHost: VirtualHostOptions = {
    metadata: { ours: { host: true } },
    routes: [{ prefix: "/a", name: "route-a", metadata: { ours: { limit: 7.5 } } }],
  };
  const paths = [
    ...[
      "path",
      "url_path",
      "query",
      "host",
      "scheme",
      "method",
      "referer",
      "useragent",
      "protocol",
      "headers|x-a",
    ],
  ].map((name) => `request|${name}`);
  const ours = "xds|route_metadata|filter_metadata|ours";
  // One group a line.
  // prettier-ignore
  const others = [
    ...["code", "code_details", "headers|server"].map((name) => `response|${name}`),
    ...["mtls", "requested_server_name", "tls_version", "termination_details", "transport_failure_reason"].map((name) => `connection|${name}`),
    ...["request_attempt_count", "num_endpoints", "transport_failure_reason", "tls_version"].map((name) => `upstream|${name}`),
    ...["node|id", "cluster_name", "cluster_metadata", "route_name", "route_metadata", "virtual_host_name"].map((name) => `xds|${name}`),
    ...["virtual_host_metadata", "upstream_host_metadata", "filter_chain_name", "listener_direction", "listener_metadata"].map((name) => `xds|${name}`),
    ...[ours, `${ours}|limit`, `${ours}|none`, "xds|virtual_host_metadata|filter_metadata|ours|host"],
    ...["plugin_name", "plugin_root_id", "plugin_vm_id", "metadata", "metadata|filter_metadata", "metadata|filter_metadata|x|y"],
    ...["mine", "wasm.mine", "filter_state|wasm.mine", "filter_state", "route_name", "node", "nonsense"],
  ];

  test.for(["/a/b?c=d", "/elsewhere"])("properties at %s", async (path, { skip, envoys }) => {
    await requiresEnvoy(skip);

    const asked = [...paths, ...others];
    const headers = [["x-set", "mine=1"], ["x-a", "1"], ["x-a", "2"], ...asked.map((name) => ["x-get", name] as const)] as const; // prettier-ignore
    await expectParity(envoys, {
      filter: guest("properties"),
      vmId: "ours",
      request: { path, headers },
      virtualHost,
    });
  });
});

test("nested settings are walked into, and not handed over whole", async ({ skip, envoys }) => {
  await requiresEnvoy(skip);

  const virtualHost = { metadata: { ours: { on: true, none: null, inner: { a: 1 }, list: ["b"] } } };
  const ours = "xds|virtual_host_metadata|filter_metadata|ours";
  const headers = ["", "|on", "|none", "|inner|a", "|inner|b", "|list|0", "|list", "|absent"].map(
    (path) => ["x-get", ours + path] as const,
  );
  await expectParity(envoys, { filter: guest("properties"), request: { headers }, virtualHost });
});
