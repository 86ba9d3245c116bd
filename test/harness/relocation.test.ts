import type { MessageInitShape } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { resource } from "proxy-wasm-harness";
import { ClusterSchema } from "proxy-wasm-harness/api/envoy/config/cluster/v3/cluster";
import { ClusterLoadAssignmentSchema } from "proxy-wasm-harness/api/envoy/config/endpoint/v3/endpoint";
import { ListenerSchema } from "proxy-wasm-harness/api/envoy/config/listener/v3/listener";
import { expect, test } from "vitest";
import { ExposedPorts } from "../../harness/src/container/exposed-ports.ts";
import { imageVersion, wantedImage } from "../../harness/src/container/image-version.ts";
import { Relocation } from "../../harness/src/container/relocation.ts";
import { Snapshot } from "../../harness/src/xds/snapshot.ts";

const serverHost = "172.17.0.1";
const direct = new Relocation({ serverHost, ports: null });
const byName = new Relocation({ serverHost: "127.0.0.1", ports: null });

function socket(address: string, port: number) {
  const portSpecifier = { case: "portValue", value: port } as const;
  return { address: { case: "socketAddress", value: { address, portSpecifier } } } as const;
}

function endpoints(clusterName: string, host: string): MessageInitShape<typeof ClusterLoadAssignmentSchema> {
  const value = { address: socket(host, 80) };
  return { clusterName, endpoints: [{ lbEndpoints: [{ hostIdentifier: { case: "endpoint", value } }] }] };
}

/** `0.0.0.0:0` */
function listenersAddress(name: string, host: string, { port = 0, relocation = direct } = {}): string {
  const { set = [] } = relocation.update({
    set: [resource(ListenerSchema, { name, address: socket(host, port) })],
  });
  const [moved] = set.flatMap(({ body }) => anyUnpack(body, ListenerSchema) ?? []);
  const { value } = moved?.address?.address ?? {};
  return value === undefined || !("portSpecifier" in value)
    ? ""
    : `${value.address}:${value.portSpecifier.value}`;
}

test.for([
  ["127.0.0.1", "0.0.0.0:0"],
  ["127.0.0.2", "0.0.0.0:0"],
  ["localhost", "0.0.0.0:0"],
  ["0.0.0.0", "0.0.0.0:0"],
  ["10.1.2.3", "10.1.2.3:0"],
] as const)("a listener of %s is one of %s in a container", ([host, moved]) => {
  expect(listenersAddress("proxy", host)).toBe(moved);
});

test("with ports that are published, each listener has its own, the same each time", () => {
  const ports = new ExposedPorts();
  const relocation = new Relocation({ serverHost, ports });
  const names = ["barrier", "proxy", "barrier", "other"];

  expect(names.map((name) => ports.for(name))).toEqual([10000, 10001, 10000, 10002]);
  expect(ports.for("fourth")).toBe(10003);
  expect(() => ports.for("fifth")).toThrow(
    /^listener "fifth" has no port that this container publishes: there are 4, for barrier, proxy, other, fourth$/,
  );
  expect(listenersAddress("fixed", "127.0.0.1", { relocation, port: 8080 })).toBe("0.0.0.0:8080");
});

test("a published port is given again when its listener is gone", () => {
  const relocation = new Relocation({ serverHost, ports: new ExposedPorts() });
  const set = ["one", "two"].map((name) =>
    resource(ListenerSchema, { name, address: socket("127.0.0.1", 0) }),
  );
  const { set: both = [] } = relocation.update({ set });

  const [, two] = both;
  const { set: next = [] } = relocation.update(
    { set: [resource(ListenerSchema, { name: "three", address: socket("127.0.0.1", 0) })] },
    new Snapshot().with(two === undefined ? [] : [two]),
  );

  const ports = next
    .flatMap(({ body }) => anyUnpack(body, ListenerSchema) ?? [])
    .map(({ address }) => address);
  expect(JSON.stringify(ports)).toContain('"value":10000');
});

test.for([
  ["127.0.0.1", "172.17.0.1", "STATIC", direct],
  ["127.0.0.1", "host.docker.internal", "STRICT_DNS", byName],
  ["10.1.2.3", "10.1.2.3", "STATIC", byName],
] as const)("a cluster of %s is one of %s, %s", ([host, moved, type, relocation]) => {
  const cluster = { name: "one", loadAssignment: endpoints("one", host) };
  const { set = [] } = relocation.update({ set: [resource(ClusterSchema, cluster)] });

  const [message] = set.flatMap(({ body }) => anyUnpack(body, ClusterSchema) ?? []);
  const names = ["STATIC", "STRICT_DNS"];
  expect(names[Number(message?.clusterDiscoveryType.value ?? 0)]).toBe(type);
  expect(JSON.stringify(message?.loadAssignment?.endpoints)).toContain(`"address":"${moved}"`);
});

test("discovered endpoints, which cannot be names, have the address of this machine", () => {
  const { set = [] } = direct.update({
    set: [resource(ClusterLoadAssignmentSchema, endpoints("one", "127.0.0.1"))],
  });

  const [message] = set.flatMap(({ body }) => anyUnpack(body, ClusterLoadAssignmentSchema) ?? []);
  expect(JSON.stringify(message?.endpoints)).toContain(`"address":"${serverHost}"`);
});

test.for([
  [{}, "envoyproxy/envoy:v1.40.0"],
  [{ version: "1.38.2" }, "envoyproxy/envoy:v1.38.2"],
  [{ version: "1.38" }, "envoyproxy/envoy:v1.38-latest"],
  [{ version: "1.38", image: "mine/envoy:7" }, "mine/envoy:7"],
] as const)("%o is the image %s", ([settings, image]) => {
  expect(wantedImage(settings)).toBe(image);
});

test.for([
  ["envoyproxy/envoy:v1.38.2", "1.38.2"],
  ["envoyproxy/envoy:distroless-v1.37-latest", "1.37"],
  ["localhost:5000/envoy:1.36.4", "1.36.4"],
  ["localhost:5000/envoy", "1.40.0"],
  ["mine/envoy:latest@sha256:1.2", "1.40.0"],
] as const)("the tag of %s says %s", ([image, version]) => {
  expect(imageVersion(image)).toBe(version);
});
