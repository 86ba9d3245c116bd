import {
  UpstreamGroup,
  type ReceivedRequest,
  type ResponseInput,
  type UpstreamFault,
} from "proxy-wasm-harness";
import {
  cluster,
  listener,
  route,
  type ClusterSettings,
  type Endpoints,
  type Retry,
  type RouteSettings,
} from "proxy-wasm-harness/scenario";
import { RoutingPriority } from "proxy-wasm-harness/api/envoy/config/core/v3/base";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { ours } from "./scenario-fixture.ts";

const test = scenarioTest();

/** A filter of ours before an upstream. */
const before = (upstream: Endpoints, forRoute: RouteSettings = {}, settings: ClusterSettings = {}) => ({
  listeners: [listener("in", { httpFilters: [ours()], routes: [route("/", "service", forRoute)] })],
  clusters: [cluster("service", upstream, settings)],
});

async function* pieces(): AsyncGenerator<string, void> {
  yield "a";
  yield "b";
}

test.for<[string, ResponseInput | UpstreamFault, object]>([
  ["answers late", { delayMs: 5, body: "ab" }, { status: 200 }],
  ["fails", { status: 500, body: "ab" }, { status: 500 }],
  ["has trailers", { body: "ab", trailers: { "x-t": "1" } }, { status: 200 }],
  ["streams", { body: pieces() }, { status: 200 }],
])(
  "what an upstream does goes through a filter of ours: it %s",
  async ([, answer, expected], { start, upstream }) => {
    upstream.respond(answer);
    const mesh = await start(before(upstream));

    const response = await mesh.get("in", "/", { protocol: "h2" });

    expect(response).toMatchObject(expected);
    expect(response.text()).toBe("ab");
    expect(response).toHaveHeader("x-echo", "ours");
  },
);

test("an upstream that resets after a part of its answer cuts the response short", async ({
  start,
  upstream,
}) => {
  upstream.respond({ fault: "reset" });
  const mesh = await start(before(upstream));

  await expect(mesh.get("in", "/")).rejects.toThrow("cut short: status 200");
});

/** Answers so to the first request, and then with 200. */
const once = (first: ResponseInput | UpstreamFault) => {
  const answers = [first];
  return () => answers.shift() ?? {};
};

const conditions: [Retry & { times?: number }, ResponseInput | UpstreamFault][] = [
  [{ on: "5xx" }, { status: 503 }],
  [{ on: "gateway-error" }, { status: 502 }],
  [{ on: "retriable-4xx" }, { status: 409 }],
  [{ on: "reset" }, { fault: "reset", after: null }],
  [{ on: "retriable-status-codes", with: { retriableStatusCodes: [418] } }, { status: 418 }],
  [{ on: "5xx", perTryTimeoutMs: 1_000 }, { fault: "silence" }],
];

test.for(conditions.map(([retry, first]) => [retry.on, JSON.stringify(first), retry, first] as const))(
  "%s: %s is tried again",
  async ([, , retry, first], { start, upstream }) => {
    upstream.respond(once(first));
    const mesh = await start(before(upstream, { retry, timeoutMs: 0 }));

    const response = await mesh.get("in", "/");
    await mesh.settled();

    expect(response).toHaveStatus(200);
    expect(upstream.requests).toHaveLength(2);
    expect(mesh.stats).toHaveCounter("cluster.service.upstream_rq_retry_success", 1);
    expect(mesh.stats).toHaveCounter("echo_headers.requests", 1); // filters see a request once, however often it is tried
  },
);

test("a request whose endpoint takes no connection goes to the next one", async ({ start }) => {
  const group = new UpstreamGroup(2);
  const mesh = await start(before(group, { retry: { on: "connect-failure" } }));
  const [closed = expect.fail("there is none")] = group.upstreams;
  mesh.server(closed).closePort();

  const statuses = [await mesh.get("in", "/"), await mesh.get("in", "/")].map(({ status }) => status);
  await mesh.settled();

  expect(statuses).toEqual([200, 200]);
  expect(group.counts).toEqual([0, 2]);
  expect(mesh.stats.get("cluster.service.upstream_cx_connect_fail")).toBeGreaterThan(0); // whose turn is first is random
});

test("what the condition does not name is not tried again", async ({ start, upstream }) => {
  upstream.respond(once({ status: 404 }));
  const mesh = await start(before(upstream, { retry: { on: "5xx" } }));

  expect(await mesh.get("in", "/")).toHaveStatus(404);
});

test("a request is not tried again beyond the budget", async ({ start, upstream }) => {
  const retrying = Promise.withResolvers<string>();
  const released = Promise.withResolvers<string>();
  const seen = new Set<string>();
  upstream.respond(async ({ path }: ReceivedRequest) => {
    if (!seen.has(path)) return (seen.add(path), { status: 503 });
    retrying.resolve(path);
    await released.promise;
    return {};
  });
  const circuitBreakers = { thresholds: [{ retryBudget: { minRetryConcurrency: 1 } }] };
  const mesh = await start(
    before(upstream, { retry: { on: "5xx" } }, { protocol: "h2", with: { circuitBreakers } }),
  );

  const first = mesh.get("in", "/first", { protocol: "h2" });
  await retrying.promise;
  const second = await mesh.get("in", "/second", { protocol: "h2" });
  released.resolve("released");

  expect([(await first).status, second.status]).toEqual([200, 503]);
  await mesh.settled();
  expect(mesh.stats).toHaveCounter("cluster.service.upstream_rq_retry_overflow", 1);
});

test.for<[string, RouteSettings, string]>([
  ["timeout of the route", { timeoutMs: 50 }, "response_timeout"],
  ["timeout of a try", { retry: { on: "5xx", times: 0, perTryTimeoutMs: 50 } }, "upstream_per_try_timeout"],
  ["idle timeout", { timeoutMs: 0, idleTimeoutMs: 50 }, "stream_idle_timeout"],
])("a silent upstream is given up at the %s", async ([, forRoute, details], { start, upstream }) => {
  upstream.respond({ fault: "silence" });
  const mesh = await start(before(upstream, forRoute));

  const response = await mesh.get("in", "/");
  await mesh.settled();

  expect(response).toHaveStatus(504);
  expect(response).toHaveHeader("x-echo", "ours");
  expect(mesh.accessLog).toMatchObject([{ details: expect.stringContaining(details) }]);
});

test.for(["DEFAULT", "HIGH"] as const)(
  "the circuit breaker of priority %s opens, and not the other",
  async (name, { start, upstream }) => {
    const priority = RoutingPriority[name];
    const other = priority === RoutingPriority.HIGH ? RoutingPriority.DEFAULT : RoutingPriority.HIGH;
    const mesh = await start({
      listeners: [
        listener("in", {
          httpFilters: [ours()],
          routes: [
            route("/this", "service", { action: { priority } }),
            route("/other", "service", { action: { priority: other } }),
          ],
        }),
      ],
      clusters: [
        cluster("service", upstream, {
          protocol: "h2",
          with: { circuitBreakers: { thresholds: [{ priority, maxRequests: 1 }] } },
        }),
      ],
    });
    using gate = upstream.hold();
    const send = (path: string) => mesh.get("in", path, { protocol: "h2" });

    const held = [send("/this")];
    await gate.arrived(1);
    const refused = await send("/this");
    held.push(send("/other"), send("/other"));
    await gate.arrived(3);
    gate.release();

    expect(refused).toHaveStatus(503);
    expect(refused).toHaveHeader("x-envoy-overloaded", "true");
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200, 200]);
  },
);
