import { any, type Upstream, type FilterConfigurations } from "proxy-wasm-harness";
import { HTTPFaultSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/fault/v3/fault";
import { HealthCheckSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/health_check/v3/health_check";
import { cluster, listener, route, wasm, type StartedScenario } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { closesConnection, resetsStream } from "./broken-off.ts";
import { countedSums, envoysSums } from "./sums.ts";

const configuration: FilterConfigurations["metrics"] = { labels: ["response_code_class"], histograms: [] };
const abort = (httpStatus: number, header: string) =>
  any(HTTPFaultSchema, {
    abort: { errorType: { case: "httpStatus", value: httpStatus }, percentage: { numerator: 100 } },
    headers: [{ name: header, headerMatchSpecifier: { case: "presentMatch", value: true } }],
  });

const test = scenarioTest(({ upstream }) => ({
  listeners: [
    listener("in", {
      httpFilters: [abort(418, "x-before"), wasm("metrics", configuration), abort(429, "x-behind"), health()],
      accessLoggers: [wasm("metrics", configuration, { rootId: "metrics-access-log" })],
      routes: [
        route({ path: "/moved" }, 301),
        route({ path: "/slow" }, "service", { timeoutMs: 20 }),
        route("/service", "service"),
        route("/chat", "service", { action: { upgradeConfigs: [{ upgradeType: "websocket" }] } }),
        route("/retried", "service", { retry: { on: "5xx", times: 2 } }),
      ],
    }),
  ],
  clusters: [cluster("service", upstream)],
}));

/** Answers a path by itself; Envoy leaves such requests out of its sums of statuses. */
function health() {
  const path = { case: "stringMatch", value: { matchPattern: { case: "exact", value: "/health" } } } as const;
  return any(HealthCheckSchema, {
    passThroughMode: false,
    headers: [{ name: ":path", headerMatchSpecifier: path }],
  });
}

const head = "Host: localhost\r\nConnection: close\r\n";

async function raw(mesh: StartedScenario, bytes: string): Promise<void> {
  const connection = await mesh.connect("in");
  await connection.send(bytes);
  await connection.receiveRest();
}

async function chats(mesh: StartedScenario, upstream: Upstream): Promise<void> {
  upstream.webSocket(async (socket) => socket.send(await socket.receive()));
  const { socket } = await mesh.webSocket("in", "/chat");
  await socket?.send("ping");
  await socket?.receive();
  await socket?.closed();
}

type Traffic = (mesh: StartedScenario, upstream: Upstream) => Promise<unknown>;

// A table: one line a case; then how many streams Envoy itself counts, all and with a status.
// prettier-ignore
const cases: Array<[what: string, traffic: Traffic, total: number, completed: number]> = [
  ["an answer of the upstream", (mesh) => mesh.get("in", "/service"), 1, 1],
  ["a stream of HTTP/2", (mesh) => mesh.get("in", "/service", { protocol: "h2" }), 1, 1],
  ["a redirection by the route", (mesh) => mesh.get("in", "/moved"), 1, 1],
  ["no route", (mesh) => mesh.get("in", "/nowhere"), 1, 1],
  ["an answer of a filter before it", (mesh) => mesh.get("in", "/service", { headers: { "x-before": "" } }), 1, 1],
  ["an answer of a filter behind it", (mesh) => mesh.get("in", "/service", { headers: { "x-behind": "" } }), 1, 1],
  ["an error of the upstream", (mesh, upstream) => { upstream.respond({ status: 500 }); return mesh.get("in", "/service"); }, 1, 1],
  ["an error that was tried three times", (mesh, upstream) => { upstream.respond({ status: 503 }); return mesh.get("in", "/retried"); }, 1, 1],
  ["an upstream that refuses", (mesh, upstream) => { upstream.respond({ fault: "refuse" }); return mesh.get("in", "/service"); }, 1, 1],
  ["an upstream that breaks off within the response", (mesh, upstream) => { upstream.respond({ fault: "reset" }); return mesh.get("in", "/service").catch(() => null); }, 1, 1],
  ["an upstream that is too late", (mesh, upstream) => { upstream.respond({ fault: "silence" }); return mesh.get("in", "/slow"); }, 1, 1],
  ["a client that breaks its connection off", closesConnection, 1, 0],
  ["a client that resets its stream", resetsStream, 1, 0],
  ["an upgrade that the upstream refuses", (mesh) => mesh.webSocket("in", "/chat"), 1, 1],
  ["a WebSocket", chats, 1, 1],
  ["garbage (400)", (mesh) => raw(mesh, "nothing of HTTP\r\n\r\n"), 1, 1],
  ["headers beyond the limit (431)", (mesh) => raw(mesh, `GET / HTTP/1.1\r\n${head}x-large: ${"x".repeat(70_000)}\r\n\r\n`), 1, 1],
  ["more than 100 headers (431)", (mesh) => raw(mesh, `GET / HTTP/1.1\r\n${head}${"x-many: 1\r\n".repeat(101)}\r\n`), 1, 1],
  ["no host (400)", (mesh) => raw(mesh, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), 1, 1],
  ["HTTP/1.0 (426)", (mesh) => raw(mesh, "GET / HTTP/1.0\r\n\r\n"), 1, 1],
  ["a NUL in a header (400)", (mesh) => raw(mesh, `GET / HTTP/1.1\r\n${head}x-a: a\0b\r\n\r\n`), 1, 1],
  ["a fragment in the path (400)", (mesh) => raw(mesh, `GET /a#b HTTP/1.1\r\n${head}\r\n`), 1, 1],
  ["CONNECT without a route (404)", (mesh) => raw(mesh, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"), 1, 1],
  ["two lengths (400)", (mesh) => raw(mesh, `POST / HTTP/1.1\r\n${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\na`), 1, 1],
  ["an unknown transfer-encoding (501)", (mesh) => raw(mesh, `POST / HTTP/1.1\r\n${head}Transfer-Encoding: x\r\n\r\n`), 1, 1],
];

test.for(cases)(
  "%s: the filter's and the logger's sums are Envoy's",
  async ([, traffic, total, completed], { mesh, upstream }) => {
    await traffic(mesh, upstream);
    await mesh.settled();

    const envoys = envoysSums(mesh);
    expect(envoys).toMatchObject({ total, completed });
    expect(countedSums(mesh, "metrics")).toEqual(envoys);
    expect(countedSums(mesh, "metrics_access_log")).toEqual(envoys);
  },
);

test("the sums of all of it are Envoy's", async ({ mesh, upstream }) => {
  for (const [, traffic] of cases) {
    upstream.respond({});
    await traffic(mesh, upstream);
  }
  await mesh.settled();

  const envoys = envoysSums(mesh);
  expect(envoys).toMatchObject({ total: cases.length, completed: cases.length - 2 });
  expect(countedSums(mesh, "metrics")).toEqual(envoys);
  expect(countedSums(mesh, "metrics_access_log")).toEqual(envoys);
});

test("a request to the health check filter is counted, of which Envoy's statuses know nothing", async ({
  mesh,
}) => {
  await mesh.get("in", "/health");
  await mesh.settled();

  expect(envoysSums(mesh)).toMatchObject({ total: 1, completed: 0 });
  expect(countedSums(mesh, "metrics")).toMatchObject({ total: 1, completed: 1 });
  expect(countedSums(mesh, "metrics_access_log")).toMatchObject({ total: 1, completed: 1 });
});

test("an interim response counts in Envoy's statuses, and is no stream of its own", async ({ mesh }) => {
  await raw(mesh, `POST /service HTTP/1.1\r\n${head}Expect: 100-continue\r\nContent-Length: 1\r\n\r\na`);
  await mesh.settled();

  expect(envoysSums(mesh)).toMatchObject({ total: 1, completed: 2, "1xx": 1, "2xx": 1 });
  expect(countedSums(mesh, "metrics")).toMatchObject({ total: 1, completed: 1, "2xx": 1 });
});
