import {
  HarnessError,
  startProxy,
  Upstream,
  type BackendName,
  type HeaderList,
  type ReceivedRequest,
  type ReceivedResponse,
  type RequestInput,
  type ResponseInput,
  type UpstreamFault,
  type VirtualHostOptions,
} from "proxy-wasm-harness";
import { describe, expect, test } from "vitest";
import { guest } from "../guests/guest.ts";
import { scenarios } from "../filters/header-authz.scenarios.ts";
import { requiresEnvoy } from "./requires-envoy.ts";

/** One request through one filter, and what the upstream answers. */
interface Exchange {
  readonly filter: string;
  readonly configuration?: object;
  readonly request: RequestInput;
  readonly response?: ResponseInput;
  /** What the cluster `service` answers to callouts. */
  readonly service?: ResponseInput | UpstreamFault;
  readonly virtualHost?: VirtualHostOptions;
}

test.for(scenarios)("header-authz: $title", async ({ configuration, headers }, { skip }) => {
  await requiresEnvoy(skip);

  await expectParity({ filter: "header-authz", configuration, request: { path: "/path?query", headers } });
});

describe("what a filter is shown", () => {
  // prettier-ignore -- a table: one line an exchange
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
    [
      "headers that Envoy joins and headers that it does not",
      {
        headers: [
          ["accept", "a"],
          ["accept", "b"],
          ["x-a", "1"],
          ["x-a", "2"],
        ],
      },
      {
        headers: [
          ["vary", "a"],
          ["vary", "b"],
          ["set-cookie", "a"],
          ["set-cookie", "b"],
        ],
      },
    ],
    [
      "a request id and a forwarded protocol of the client",
      { headers: { "x-request-id": "mine", "x-forwarded-proto": "https" } },
    ],
    [
      "a server and a date of the upstream",
      {},
      { headers: { server: "mine", date: "Sat, 01 Jan 2000 00:00:00 GMT" } },
    ],
    [
      "fields that belong to the connection",
      { headers: { te: "trailers" } },
      { headers: { "keep-alive": "timeout=1" } },
    ],
    ["another authority and an odd path", { authority: "Example.Test:8080", path: "/a%2fb/../c//d?e=%zz" }],
  ];

  test.for(exchanges)("%s", async ([, request, response = { body: "upstream" }], { skip }) => {
    await requiresEnvoy(skip);

    await expectParity({ filter: guest("observer"), request, response });
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
  // prettier-ignore -- a table: one line an exchange
  const exchanges: Array<[title: string, configuration: object, request?: RequestInput]> = [
    [
      "a header is added beside another",
      { edits: [{ do: "add", name: "x-a", value: "2" }] },
      { headers: { "x-a": "1" } },
    ],
    [
      "a header that Envoy joins is added",
      { edits: [{ do: "add", name: "accept", value: "b" }] },
      {
        headers: [
          ["accept", "a"],
          ["x-a", "1"],
        ],
      },
    ],
    [
      "a header that Envoy keeps one of is set",
      { edits: [{ do: "set", name: "accept", value: "b" }] },
      {
        headers: [
          ["accept", "a"],
          ["x-a", "1"],
        ],
      },
    ],
    [
      "a header is set over two others",
      { edits: [{ do: "set", name: "x-a", value: "3" }] },
      {
        headers: [
          ["x-a", "1"],
          ["x-a", "2"],
          ["x-b", "1"],
        ],
      },
    ],
    [
      "a header is removed",
      { edits: [{ do: "remove", name: "x-a" }] },
      {
        headers: [
          ["x-a", "1"],
          ["x-a", "2"],
        ],
      },
    ],
    ["the path is set", { edits: [{ do: "set", name: ":path", value: "/other" }] }],
    [
      "a header that is none is refused",
      {
        edits: [
          { do: "add", name: "x a", value: "1" },
          { do: "add", name: "x-a", value: "1\n2" },
        ],
      },
    ],
    ["a response header is added", { response_header: "added" }],
    ["a local reply", { reply }],
    ["a local reply to a HEAD", { reply }, { method: "HEAD" }],
    ["a local reply without a body", { reply: { status: 403, details: "none" } }],
    [
      "a local reply with a content type of its own",
      { reply: { ...reply, headers: [["content-type", "text/html"]] } },
    ],
    [
      "a local reply to gRPC",
      { reply: { ...reply, grpc_status: 7 } },
      { method: "POST", headers: { "content-type": "application/grpc" } },
    ],
    [
      "a local reply to gRPC without its status",
      { reply: { status: 403, details: "none" } },
      { method: "POST", headers: { "content-type": "application/grpc+proto" } },
    ],
    ["a local reply to a request with a body", { reply }, { method: "POST", body: ["one", "two"] }],
  ];

  test.for(exchanges)("%s", async ([, configuration, request = {}], { skip }) => {
    await requiresEnvoy(skip);

    await expectParity({
      filter: guest("echo-headers"),
      configuration: { log: true, ...configuration },
      request,
    });
  });
});

describe("what a filter keeps", () => {
  // prettier-ignore -- a table: one line an exchange
  const exchanges: Array<[title: string, filter: string, request: RequestInput, configuration?: object]> = [
    [
      "a gauge and a histogram",
      "metrics",
      { headers: { "x-add": "3", "x-subtract": "9", "x-record": "1299" } },
    ],
    ["a gauge that is set", "metrics", { headers: { "x-set": "7" } }],
    [
      "metrics with labels",
      "metrics",
      {
        headers: [
          ["x-who", "a"],
          ["x-who", 'b{c}"d'],
          ["x-who", "a"],
        ],
      },
    ],
    ["a shared value that is absent", "shared-data", { headers: { "x-do": "get", "x-key": "a" } }],
    ["a shared value that is stored twice", "shared-data", { headers: { "x-do": "race", "x-key": "a" } }],
    [
      "shared values that are counted up",
      "shared-data",
      { headers: { "x-do": "increment", "x-key": "a", "x-value": "3" } },
    ],
    ["compressed bytes", "foreign", { headers: { "x-do": "zlib", "x-value": "a".repeat(99) } }],
    ["bytes that are not compressed", "foreign", { headers: { "x-do": "uncompress", "x-value": "a" } }],
    ["a foreign function that there is not", "foreign", { headers: { "x-do": "none" } }],
    ["a route that is chosen anew", "foreign", { headers: { "x-do": "route", "x-value": "/a" } }],
    ["a timer that is set and cancelled", "timers", { headers: { "x-every": "60000", "x-cancel": "" } }],
  ];

  test.for(exchanges)("%s", async ([, filter, request, configuration = {}], { skip }) => {
    await requiresEnvoy(skip);

    await expectParity({ filter: guest(filter), configuration, request });
  });
});

describe("what a filter does with fields", () => {
  const chunked = { "transfer-encoding": "chunked" };
  const post: RequestInput = { method: "POST", headers: chunked, body: "one" };
  const trailers = { "x-sum": "6" };
  const edit = (where: string, ...edits: object[]): object => ({ in: where, edits });
  const whole = [
    [":method", "GET"],
    ["x-a", "1"],
    [":path", "/other"],
    ["accept", "a"],
    ["x-a", "2"],
    [":scheme", "http"],
    [":authority", "elsewhere"],
    ["accept", "b"],
    ["x-forwarded-proto", "http"],
  ];
  // prettier-ignore -- a table: one line an exchange
  const exchanges: Array<
    [title: string, configuration: object, request?: RequestInput, response?: ResponseInput]
  > = [
    [
      "names are read",
      edit("request_headers", { do: "names" }),
      {
        headers: [
          ["x-a", "1"],
          ["x-b", "1"],
          ["x-a", "2"],
        ],
      },
    ],
    [
      "all headers of a request are replaced",
      { ...edit("request_headers", { do: "replace_all" }), fields: whole },
    ],
    [
      "a value is read after all were replaced",
      {
        ...edit(
          "request_headers",
          { do: "read", name: "x-a" },
          { do: "replace_all" },
          { do: "read", name: "x-a" },
        ),
        fields: whole,
      },
    ],
    [
      "a request without its path",
      {
        ...edit("request_headers", { do: "replace_all" }),
        fields: [
          [":method", "GET"],
          [":authority", "a"],
          [":scheme", "http"],
        ],
      },
    ],
    [
      "a request without its method",
      {
        ...edit("request_headers", { do: "replace_all" }),
        fields: [
          [":path", "/"],
          [":authority", "a"],
          ["x-forwarded-proto", "http"],
        ],
      },
    ],
    [
      "a request without the forwarded protocol",
      edit("request_headers", { do: "remove", name: "x-forwarded-proto" }),
    ],
    [
      "all headers of a response are replaced",
      {
        ...edit("response_headers", { do: "replace_all" }),
        fields: [
          ["x-a", "1"],
          [":status", "201"],
          ["vary", "a"],
          ["vary", "b"],
        ],
      },
    ],
    ["lists that would be too long", edit("request_headers", { do: "flood" })],
    [
      "trailers of a request are changed",
      edit(
        "request_trailers",
        { do: "add", name: "x-a", value: "1" },
        { do: "set", name: "x-sum", value: "7" },
        { do: "read", name: "x-sum" },
      ),
      { ...post, trailers },
    ],
    [
      "a trailer of a request is removed",
      edit("request_trailers", { do: "remove", name: "x-sum" }, { do: "read", name: "x-sum" }),
      { ...post, trailers },
    ],
    [
      "all trailers of a request are replaced",
      {
        ...edit("request_trailers", { do: "replace_all" }),
        fields: [
          ["x-a", "1"],
          ["x-b", "2"],
        ],
      },
      { ...post, trailers },
    ],
    [
      "trailers of a response are changed",
      edit(
        "response_trailers",
        { do: "add", name: "x-a", value: "1" },
        { do: "set", name: "x-sum", value: "7" },
      ),
      {},
      { body: "one", trailers },
    ],
    [
      "a request gets trailers",
      edit("request_body", { do: "add", name: "x-a", value: "1" }, { do: "add", name: "x-a", value: "2" }),
      post,
    ],
    [
      "a request of announced length gets trailers",
      edit("request_body", { do: "add", name: "x-a", value: "1" }),
      { method: "POST", body: "one" },
    ],
    [
      "a request gets trailers too early",
      { ...edit("request_body", { do: "add", name: "x-a", value: "1" }), at_end: false },
      post,
    ],
    [
      "a response gets trailers",
      edit("response_body", { do: "add", name: "x-a", value: "1" }),
      {},
      { headers: chunked, body: "one" },
    ],
    [
      "a response of announced length gets trailers",
      edit("response_body", { do: "add", name: "x-a", value: "1" }),
      {},
      { body: "one" },
    ],
    [
      "the request's headers are written when they are gone",
      edit(
        "request_headers_late",
        { do: "add", name: "x-a", value: "1" },
        { do: "set", name: "x-a", value: "1" },
        { do: "remove", name: "x-a" },
        { do: "replace_all" },
        { do: "read", name: "x-a" },
      ),
    ],
    [
      "the request's headers are written in the log",
      edit(
        "log",
        { do: "add", name: "x-a", value: "1" },
        { do: "set", name: "x-a", value: "1" },
        { do: "remove", name: "x-a" },
        { do: "read", name: ":path" },
      ),
    ],
  ];

  test.for(exchanges)("%s", async ([, configuration, request = {}, response = { body: "one" }], { skip }) => {
    await requiresEnvoy(skip);

    await expectParity({ filter: guest("edits-fields"), configuration, request, response });
  });
});

describe("what a filter does with bodies", () => {
  const chunked = { "transfer-encoding": "chunked" };
  const announced: RequestInput = { method: "POST", body: "one" };
  const inChunks: RequestInput = { method: "POST", headers: chunked, body: "one" };
  const withTrailers: RequestInput = { ...inChunks, trailers: { "x-sum": "6" } };
  const empty: RequestInput = { method: "POST", body: [] };
  const replacing = (mode: string, text: string): object => ({
    mode,
    do: "replace",
    at_end: true,
    hold: true,
    text,
  });
  // prettier-ignore -- a table: one line an exchange
  const exchanges: Array<[title: string, edit: object, request?: RequestInput, response?: ResponseInput]> = [
    ["are read", { mode: "look", do: "read" }],
    ["are read in ranges", { mode: "look", do: "range" }],
    [
      "of trailers are read",
      { mode: "look", do: "read" },
      withTrailers,
      { headers: chunked, body: "one", trailers: { "x-a": "1" } },
    ],
    [
      "are held until the end",
      { mode: "look", do: "read", hold: true },
      inChunks,
      { headers: chunked, body: "one" },
    ],
    ["keep their size", { mode: "look", do: "replace", at_end: true, hold: true, text: "two" }],
    ["may not change their size unannounced", { mode: "look", do: "append", text: "!" }],
    ["grow in chunks", { mode: "rewrite", do: "append", text: " and two" }],
    [
      "grow at both ends",
      { mode: "rewrite", do: "prepend", text: "two and " },
      inChunks,
      { headers: chunked, body: "one" },
    ],
    ["shrink in chunks", replacing("rewrite", "1")],
    ["vanish in chunks", replacing("rewrite", "")],
    ["of none are announced to change", replacing("rewrite", "two"), empty, {}],
    ["of none are wanted as a whole", replacing("whole", "two"), empty, {}],
    ["grow as a whole", replacing("whole", "one, two and three")],
    ["shrink as a whole", replacing("whole", "1")],
    ["vanish as a whole", replacing("whole", "")],
    ["in chunks change as a whole", replacing("whole", "two"), inChunks, { headers: chunked, body: "one" }],
    [
      "with trailers change as a whole",
      replacing("whole", "two"),
      withTrailers,
      { headers: chunked, body: "one", trailers: { "x-a": "1" } },
    ],
    [
      "are searched and replaced",
      { mode: "whole", do: "replace_each", needle: "o", text: "oo" },
      { method: "POST", body: "foo boo" },
      { body: "o" },
    ],
    ["announce more than the limit", { mode: "whole", limit: 2, do: "read" }],
    ["announce the limit", { mode: "whole", limit: 3, do: "read" }],
    ["grow beyond the limit", { mode: "whole", limit: 2, do: "read" }, inChunks],
    [
      "announce more than the limit, and pass",
      { mode: "whole", limit: 2, pass_on: true, do: "replace", text: "x" },
    ],
    [
      "grow beyond the limit, and pass",
      { mode: "whole", limit: 2, pass_on: true, do: "replace", text: "x" },
      withTrailers,
      { headers: chunked, body: "one" },
    ],
    ["of a HEAD are wanted as a whole", replacing("whole", "two"), { method: "HEAD" }],
  ];

  for (const direction of ["request", "response"]) {
    test.for(exchanges)(
      `${direction} bodies %s`,
      async ([, edit, request = announced, response = { body: "one" }], { skip }) => {
        await requiresEnvoy(skip);

        await expectParity({
          filter: guest("edits-bodies"),
          configuration: { [direction]: edit },
          request,
          response,
        });
      },
    );
  }
});

describe("what a filter learns of a callout", () => {
  const body = "it may";
  // prettier-ignore -- a table: one line an exchange
  const exchanges: Array<[title: string, service: ResponseInput | UpstreamFault, configuration?: object]> = [
    ["that is answered", { body, headers: { "x-user": "me" } }],
    ["that is answered without a body", {}],
    ["that is answered with trailers", { body, trailers: { "x-a": "1" } }],
    ["that is answered by 403", { status: 403, body: "no" }],
    ["that the service answers by 503 itself", { status: 503, body: "upstream connect error" }],
    ["that nobody takes", { fault: "refuse" }],
    ["that breaks off", { fault: "reset" }],
    ["that nobody answers", { fault: "silence" }, { cluster: "service", timeout_ms: 50 }],
    ["that is answered too late", { body, delayMs: 2_000 }, { cluster: "service", timeout_ms: 50 }],
    ["that has no cluster", {}, { cluster: "nowhere" }],
  ];

  test.for(exchanges)("%s", async ([, service, configuration = { cluster: "service" }], { skip }) => {
    await requiresEnvoy(skip);

    await expectParity({
      filter: guest("calls-out"),
      configuration,
      request: { method: "POST", body: "one" },
      service,
    });
  });
});

describe("a body that waits for a callout", () => {
  const chunked = { "transfer-encoding": "chunked" };
  const exchanges: Array<[title: string, request: RequestInput]> = [
    ["of announced length", { method: "POST", body: "one" }],
    ["in chunks", { method: "POST", headers: chunked, body: "one" }],
    ["with trailers", { method: "POST", headers: chunked, body: "one", trailers: { "x-sum": "6" } }],
    ["of none", {}],
  ];

  test.for(exchanges)("%s", async ([, request], { skip }) => {
    await requiresEnvoy(skip);

    const configuration = { ask: "body" };
    await expectParity({ filter: guest("checks-bodies"), configuration, request, service: { body: "!" } });
  });
});

/** What the guest `steers` does: the calls, in one callback; `pause` lets the callback return Pause whatever they say. */
interface Steer {
  readonly in: string;
  readonly do: readonly string[];
  readonly pause?: boolean;
  /** The calls are made when a callout is answered. */
  readonly later?: boolean;
}

describe("what becomes of a stream that a filter steers", () => {
  const early = ["request_headers", "request_body", "request_trailers"];
  const late = ["response_headers", "response_body", "response_trailers"];
  const calls = ["respond", "close", "resume_request", "resume_response"];
  const pairs = calls.flatMap((first) => calls.map((second) => [first, second]));

  const once = [...early, ...late, "log", "done"].flatMap((where) =>
    calls.map((call): Steer => ({ in: where, do: [call] })),
  );
  const paused = [...early, ...late].flatMap((where) =>
    calls.map((call): Steer => ({ in: where, do: [call], pause: true })),
  );
  const twice = ["request_headers", "response_headers", "response_body"].flatMap((where) =>
    pairs.map((both): Steer => ({ in: where, do: both })),
  );
  const later = [
    ...paused,
    ...["request_headers", "response_headers", "response_trailers"].flatMap((where) =>
      pairs.map((both): Steer => ({ in: where, do: both, pause: true })),
    ),
  ].map((steer): Steer => ({ ...steer, later: true }));

  /** Whether the stream would stay paused, which no test waits for. */
  const isStuck = ({ in: where, do: all, pause = false }: Steer): boolean =>
    pause && all.every((call) => call === (early.includes(where) ? "resume_response" : "resume_request"));
  const title = ({ in: where, do: all, pause = false, later = false }: Steer): string =>
    `${where}: ${all.join(", ")}${pause ? ", paused" : ""}${later ? ", later" : ""}`;
  const exchanges = [...once, ...paused, ...twice, ...later]
    .filter((steer) => !isStuck(steer))
    .map((steer) => [title(steer), steer] as const);

  /** A body's end is in its last piece unless trailers follow. */
  const messageFor = (where: string): RequestInput & ResponseInput => ({
    headers: { "transfer-encoding": "chunked" },
    body: "one",
    ...(where.endsWith("_body") ? {} : { trailers: { "x-sum": "6" } }),
  });

  test.for(exchanges)("in %s", async ([, configuration], { skip }) => {
    await requiresEnvoy(skip);

    await expectParity({
      filter: guest("steers"),
      configuration,
      request: { method: "POST", ...messageFor(configuration.in) },
      response: messageFor(configuration.in),
      service: {},
    });
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
  // prettier-ignore -- one group a line
  const others = [
    ...["code", "code_details", "headers|server"].map((name) => `response|${name}`),
    ...[
      "mtls",
      "requested_server_name",
      "tls_version",
      "termination_details",
      "transport_failure_reason",
    ].map((name) => `connection|${name}`),
    ...["request_attempt_count", "num_endpoints", "transport_failure_reason", "tls_version"].map(
      (name) => `upstream|${name}`,
    ),
    ...[
      "node|id",
      "cluster_name",
      "cluster_metadata",
      "route_name",
      "route_metadata",
      "virtual_host_name",
    ].map((name) => `xds|${name}`),
    ...[
      "virtual_host_metadata",
      "upstream_host_metadata",
      "filter_chain_name",
      "listener_direction",
      "listener_metadata",
    ].map((name) => `xds|${name}`),
    ...[ours, `${ours}|limit`, `${ours}|none`, "xds|virtual_host_metadata|filter_metadata|ours|host"],
    ...[
      "plugin_name",
      "plugin_root_id",
      "plugin_vm_id",
      "metadata",
      "metadata|filter_metadata",
      "metadata|filter_metadata|x|y",
    ],
    ...["mine", "wasm.mine", "filter_state|wasm.mine", "filter_state", "route_name", "node", "nonsense"],
  ];

  test.for(["/a/b?c=d", "/elsewhere"])("properties at %s", async (path, { skip }) => {
    await requiresEnvoy(skip);

    const asked = [...paths, ...others];
    const headers = [["x-set", "mine=1"], ["x-a", "1"], ["x-a", "2"], ...asked.map((name) => ["x-get", name] as const)] as const; // prettier-ignore
    await expectParity({ filter: guest("properties"), request: { path, headers }, virtualHost });
  });
});

test("nested settings are walked into, and not handed over whole", async ({ skip }) => {
  await requiresEnvoy(skip);

  const virtualHost = { metadata: { ours: { on: true, none: null, inner: { a: 1 }, list: ["b"] } } };
  const ours = "xds|virtual_host_metadata|filter_metadata|ours";
  const headers = ["", "|on", "|none", "|inner|a", "|inner|b", "|list|0", "|list", "|absent"].map(
    (path) => ["x-get", ours + path] as const,
  );
  await expectParity({ filter: guest("properties"), request: { headers }, virtualHost });
});

async function expectParity(exchange: Exchange): Promise<void> {
  expect(await everythingSeen("embedded", exchange)).toEqual(await everythingSeen("envoy", exchange));
}

/** Status, bytes, what the upstream got, the access log, the filter's counters and logs, and its calls in order. */
async function everythingSeen(backend: BackendName, exchange: Exchange) {
  const { filter, configuration, request, response, service: answer, virtualHost = {} } = exchange;
  const [upstream, service] = [new Upstream(), new Upstream()];
  if (response !== undefined) upstream.respond(response);
  if (answer !== undefined) service.respond(answer);
  await using proxy = await startProxy({
    backend,
    upstream,
    clusters: { service },
    virtualHost,
    chain: [{ filter, configuration }],
  });
  const received = await proxy.request(request).then(shown, refused);
  await proxy.settled();
  return {
    received,
    upstream: upstream.requests.map(readable),
    service: service.requests.map(readable),
    accessLog: proxy.accessLog,
    counters: proxy.stats
      .names()
      .filter((name) => /^(header_authz|echo_headers|metrics)\./.test(name))
      .map((name) => `${name} ${proxy.stats.get(name)}`),
    sizes: proxy.stats.histogram("metrics.sizes_bytes"),
    logs: proxy.logs.map(({ level, message }) => `${level} ${withoutVarying(message)}`),
    transcript: proxy.transcript.map(({ kind, name }) => `${kind} ${name}`),
  };
}

function shown({ status, headers, trailers, ...response }: ReceivedResponse): object {
  return { status, headers: fields(headers), body: response.text(), trailers: fields(trailers) };
}

/** A stream that was reset has no response; each backend says so in its own words. */
function refused(error: unknown): object {
  const { code } = HarnessError.from(error);
  if (code !== "internal") throw error;
  return { code };
}

function readable({ headers, trailers, ...rest }: ReceivedRequest): object {
  return { ...rest, headers: fields(headers), trailers: fields(trailers) };
}

/** Headers in their order; values as text of one character a byte, so that nothing is lost. */
function fields(headers: HeaderList): string[] {
  return [...headers].map(([name, value]) =>
    withoutVarying(`${name}: ${Buffer.from(value).toString("latin1")}`),
  );
}

/** What differs from run to run by its nature, and not between the backends, loses its value. */
function withoutVarying(line: string): string {
  return line
    .replace(/\b(date): \w{3}, .*/, "$1: …")
    .replace(/\b(x-envoy-upstream-service-time)([:=] ?)\d+/, "$1$2…")
    .replace(/\b(x-request-id)([:=] ?)[0-9a-f-]{36}/, "$1$2…");
}
