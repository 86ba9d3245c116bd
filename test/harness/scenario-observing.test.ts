import { any, GrpcUpstream } from "proxy-wasm-harness";
import { cluster, listener, route, type Scenario } from "proxy-wasm-harness/scenario";
import { OpenTelemetryConfigSchema } from "proxy-wasm-harness/api/envoy/config/trace/v3/opentelemetry";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { ours } from "./scenario-fixture.ts";

const observing = { tracing: true, accessLog: { requestHeaders: ["x-n"] } } as const;

const test = scenarioTest(
  ({ upstream }) => ({
    listeners: [
      listener("out", { routes: [route("/", "peer")] }),
      listener("in", { httpFilters: [ours()], routes: [route("/", "service")] }),
    ],
    clusters: [cluster("peer", { listener: "in" }), cluster("service", upstream)],
  }),
  { tracing: true, accessLog: { requestHeaders: ["x-n"] } },
);

test("a request is one trace over two hops, and has an entry of each", async ({ mesh }) => {
  await mesh.get("out", "/", { headers: { "x-n": "1" } });
  await mesh.settled();

  expect(mesh.accessLog).toHaveAccessLogEntry({ listener: "out", upstreamCluster: "peer" });
  expect(mesh.accessLog).toHaveAccessLogEntry({ listener: "in", requestHeaders: { "x-n": "1" } });
  expect(mesh.spans.map(({ kind }) => kind)).toEqual(["server", "client", "server", "client"]);
  expect(new Set(mesh.spans.map(({ traceId }) => traceId)).size).toBe(1);
});

test("each span is the child of the one before it", async ({ mesh }) => {
  await mesh.get("out", "/");
  await mesh.settled();

  const parents = mesh.spans.map(({ parentSpanId }) => parentSpanId);
  expect(parents).toEqual([null, ...mesh.spans.slice(0, 3).map(({ spanId }) => spanId)]);
  expect(mesh.spans).toHaveSpan({ kind: "client", name: expect.stringMatching(/service/) });
});

test("what an update brings is observed too", async ({ mesh }) => {
  await mesh.update({ listeners: [listener("late", { routes: [route("/", 204)] })] });

  await mesh.get("late", "/");
  await mesh.settled();

  expect(mesh.accessLog).toMatchObject([{ listener: "late", status: 204, protocol: "HTTP/1.1" }]);
  expect(mesh.spans).toMatchObject([{ kind: "server" }]);
});

test("fields of a listener's own tracing go with it", async ({ start }) => {
  const customTags = [{ tag: "tier", type: { case: "literal", value: { value: "gold" } } } as const];
  const mesh = await start(
    {
      listeners: [
        listener("in", { routes: [route("/", 204)], httpConnectionManager: { tracing: { customTags } } }),
      ],
    },
    observing,
  );

  await mesh.get("in", "/");
  await mesh.settled();

  expect(mesh.spans).toMatchObject([{ attributes: { tier: "gold" } }]);
});

/** Of Envoy's own, that sends its spans to a cluster. */
function tracerTo(clusterName: string) {
  const value = any(OpenTelemetryConfigSchema, {
    grpcService: { targetSpecifier: { case: "envoyGrpc", value: { clusterName } } },
    serviceName: "mesh",
  });
  return { name: "envoy.tracers.opentelemetry", configType: { case: "typedConfig", value } } as const;
}

function tracedBy(clusterName: string): Scenario {
  const httpConnectionManager = { tracing: { provider: tracerTo(clusterName) } };
  return { listeners: [listener("in", { routes: [route("/", 204)], httpConnectionManager })] };
}

test("a tracer of a listener's own is refused beside those of the harness", async ({ start }) => {
  await expect(start(tracedBy("spans"), observing)).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(
      /^listener "in" has a tracer of its own, and spans are asked for: leave out/,
    ),
  });
});

const own = scenarioTest();
const exported = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

own.for(["collector", "control-plane"])(
  "Envoy's own spans go to a service of the test in a cluster that is named %s",
  async (name, { start }) => {
    const service = new GrpcUpstream();
    service.unary(exported, { message: "" });
    const mesh = await start({ ...tracedBy(name), clusters: [cluster(name, service)] });

    await mesh.get("in", "/");
    await mesh.settled();

    await expect.poll(() => service.calls.map(({ method }) => method)).toEqual([exported]);
    await mesh.settled();
    expect(mesh.stats).toHaveCounter(`cluster.${name}.upstream_rq_total`, 1);
  },
);

own("a service that two clusters lead to is waited for once", async ({ start }) => {
  const service = new GrpcUpstream();
  service.unary("/a.A/Say", { message: "hello" });
  const mesh = await start({
    listeners: ["one", "two"].map((name) => listener(name, { routes: [route("/", name)] })),
    clusters: ["one", "two"].map((name) => cluster(name, service)),
  });

  for (const name of ["one", "two"]) await (await mesh.grpc(name)).unary("/a.A/Say", "");
  await mesh.settled();

  expect(service.calls).toHaveLength(2);
});

own("two services behind one cluster are waited for together", async ({ start }) => {
  const services = [new GrpcUpstream(), new GrpcUpstream()];
  for (const service of services) service.unary("/a.A/Say", { message: "hello" });
  const mesh = await start({
    listeners: [listener("in", { routes: [route("/", "both")] })],
    clusters: [cluster("both", services)],
  });

  for (let call = 0; call < 2; call++) await (await mesh.grpc("in")).unary("/a.A/Say", "");
  await mesh.settled();

  expect(services.flatMap(({ calls }) => calls)).toHaveLength(2);
});
