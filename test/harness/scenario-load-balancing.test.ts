import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { UpstreamGroup } from "proxy-wasm-harness";
import {
  any,
  cluster,
  endpoint,
  listener,
  route,
  type ClusterSettings,
  type Endpoints,
  type Fields,
  type RouteSettings,
} from "proxy-wasm-harness/scenario";
import { Cluster_LbPolicy } from "proxy-wasm-harness/api/envoy/config/cluster/v3/cluster";
import type { ClusterSchema } from "proxy-wasm-harness/api/envoy/config/cluster/v3/cluster";
import type { HealthCheckSchema } from "proxy-wasm-harness/api/envoy/config/core/v3/health_check";
import {
  LeastRequest_SelectionMethod,
  LeastRequestSchema,
} from "proxy-wasm-harness/api/envoy/extensions/load_balancing_policies/least_request/v3/least_request";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { ours } from "./scenario-fixture.ts";

const test = scenarioTest();

/** A filter of ours before a cluster. */
const before = (endpoints: Endpoints, settings: ClusterSettings, forRoute: RouteSettings = {}) => ({
  listeners: [listener("in", { httpFilters: [ours()], routes: [route("/", "service", forRoute)] })],
  clusters: [cluster("service", endpoints, settings)],
});

test("requests go round", async ({ start }) => {
  const group = new UpstreamGroup(3);
  const mesh = await start(before(group, {}));

  for (let i = 0; i < 6; i++) await mesh.get("in", "/");

  expect(group.counts).toEqual([2, 2, 2]);
});

test("endpoints have weights", async ({ start }) => {
  const group = new UpstreamGroup(2);
  const endpoints = group.upstreams.map((one, i) =>
    endpoint(one, { with: { loadBalancingWeight: i === 0 ? 3 : 1 } }),
  );
  const mesh = await start(before(endpoints, {}));

  for (let i = 0; i < 8; i++) await mesh.get("in", "/");

  expect(group.counts).toEqual([6, 2]);
});

test.for(["RING_HASH", "MAGLEV"] as const)(
  "%s keeps the requests of a user together",
  async (policy, { start }) => {
    const group = new UpstreamGroup(4);
    const hash = { policySpecifier: { case: "header", value: { headerName: "x-user" } } } as const;
    const mesh = await start(
      before(group, { with: { lbPolicy: Cluster_LbPolicy[policy] } }, { action: { hashPolicy: [hash] } }),
    );
    const endpointOf = async (user: string): Promise<string | null> =>
      (await mesh.get("in", "/", { headers: { "x-user": user } })).headers.get("x-endpoint");
    const users = Array.from({ length: 12 }, (_, i) => `user ${i}`);

    const first = await Promise.all(users.map(endpointOf));
    const second = await Promise.all(users.map(endpointOf));

    expect(second).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(1);
  },
);

test("the least loaded endpoint is chosen", async ({ start }) => {
  const group = new UpstreamGroup(3);
  const fullScan = any(LeastRequestSchema, { selectionMethod: LeastRequest_SelectionMethod.FULL_SCAN });
  const policies = [{ typedExtensionConfig: { name: "least_request", typedConfig: fullScan } }];
  const mesh = await start(before(group, { with: { loadBalancingPolicy: { policies } } }));
  const gates = group.hold();

  const held: Promise<unknown>[] = [];
  for (let count = 1; count <= 3; count++) {
    held.push(mesh.get("in", "/"));
    await Promise.any(gates.filter((gate) => gate.count === 0).map((gate) => gate.arrived()));
  }
  expect(group.counts).toEqual([1, 1, 1]);
  for (const gate of gates) gate.release();
  await Promise.all(held);
});

const checkedOften: Fields<typeof HealthCheckSchema> = {
  timeout: durationFromMs(5_000),
  interval: durationFromMs(10),
  unhealthyInterval: durationFromMs(10),
  noTrafficInterval: durationFromMs(10),
  healthyThreshold: 1,
  unhealthyThreshold: 1,
  healthChecker: { case: "httpHealthCheck", value: { path: "/health" } },
};

test("an endpoint that fails its health checks has no requests until it passes them", async ({ start }) => {
  const group = new UpstreamGroup(2);
  const [sick] = group.upstreams;
  sick?.health.fail();
  const mesh = await start(before(group, { with: { healthChecks: [checkedOften] } }));

  for (let i = 0; i < 4; i++) await mesh.get("in", "/");
  const whileSick = group.counts;
  sick?.health.pass();
  await sick?.health.checked(sick.health.checks + 3); // a check is sent when the one before has had its effect
  await mesh.settled();
  for (let i = 0; i < 4; i++) await mesh.get("in", "/");

  expect(whileSick).toEqual([0, 4]);
  expect(group.counts).toEqual([2, 6]);
});

test("the endpoints of the next priority take over from those that are not healthy", async ({ start }) => {
  const group = new UpstreamGroup(2);
  group.upstreams[0]?.health.fail();
  const endpoints = group.upstreams.map((one, priority) => endpoint(one, { priority }));
  const mesh = await start(before(endpoints, { with: { healthChecks: [checkedOften] } }));

  for (let i = 0; i < 4; i++) await mesh.get("in", "/");

  expect(group.counts).toEqual([0, 4]);
});

const outlierDetection: Fields<typeof ClusterSchema>["outlierDetection"] = {
  consecutive5xx: 2,
  enforcingConsecutive5xx: 100,
  baseEjectionTime: durationFromMs(600_000),
  maxEjectionPercent: 50,
};

test("an endpoint that fails twice in a row is ejected", async ({ start }) => {
  const group = new UpstreamGroup(2);
  group.upstreams[0]?.respond({ status: 500 });
  const mesh = await start(before(group, { with: { outlierDetection } }));

  for (let i = 0; i < 4; i++) await mesh.get("in", "/");
  await mesh.settled();
  const ejected = mesh.stats.get("cluster.service.outlier_detection.ejections_active");
  for (let i = 0; i < 4; i++) await mesh.get("in", "/");

  expect(ejected).toBe(1);
  expect(group.counts).toEqual([2, 6]);
});
