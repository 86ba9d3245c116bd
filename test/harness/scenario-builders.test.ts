import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { ClusterSchema } from "proxy-wasm-harness/api/envoy/config/cluster/v3/cluster";
import { HttpConnectionManagerSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager";
import { HttpProtocolOptionsSchema } from "proxy-wasm-harness/api/envoy/extensions/upstreams/http/v3/http_protocol_options";
import { any } from "../../harness/src/envoy-api/any.ts";
import { cidr, parseAddress } from "../../harness/src/scenario/address.ts";
import { cluster, clusterMessage } from "../../harness/src/scenario/cluster.ts";
import { extensionName } from "../../harness/src/scenario/filter.ts";
import { listener, listenerMessage, type Listener } from "../../harness/src/scenario/listener.ts";
import { merged } from "../../harness/src/scenario/merge.ts";
import { route } from "../../harness/src/scenario/route.ts";
import { bareSurroundings } from "../../harness/src/scenario/surroundings.ts";
import { GrpcUpstream } from "../../harness/src/grpc/upstream.ts";

const around = { ...bareSurroundings("~1"), address: () => null };

const ofOneOf = (name: string, value: object) => ({ action: { case: name, value } });

test.for<[string, object, object, object]>([
  ["a field is added", { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
  ["a field is replaced", { a: 1 }, { a: 2 }, { a: 2 }],
  ["a message is merged", { a: { b: 1, c: 1 } }, { a: { c: 2 } }, { a: { b: 1, c: 2 } }],
  ["a list is replaced", { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ["undefined takes a default away", { a: 1, b: 1 }, { a: undefined }, { b: 1 }],
  ["the same case is merged", ofOneOf("x", { a: 1 }), ofOneOf("x", { b: 1 }), ofOneOf("x", { a: 1, b: 1 })],
  ["another case replaces", ofOneOf("x", { a: 1 }), ofOneOf("y", { b: 1 }), ofOneOf("y", { b: 1 })],
  ["a whole message replaces", { a: { b: 1 } }, { a: any(ClusterSchema) }, { a: any(ClusterSchema) }],
])("fields over defaults: %s", ([, defaults, fields, expected]) => {
  expect(merged(defaults, fields)).toEqual(expected);
});

/** The HTTP connection manager of a listener's first chain. */
function managerOf(parts: Listener): MessageShape<typeof HttpConnectionManagerSchema> {
  const [filter] = listenerMessage(parts, around).filterChains[0]?.filters ?? [];
  return unpacked(HttpConnectionManagerSchema, filter?.configType.value);
}

function unpacked<Schema extends DescMessage>(schema: Schema, packed: unknown): MessageShape<Schema> {
  return anyUnpack(packed as Parameters<typeof anyUnpack>[0], schema) ?? expect.fail("it is another message");
}

test("every level takes the fields of its message", () => {
  const parts = listener("in", {
    routes: [route("/", "service", { timeoutMs: 50, action: { prefixRewrite: "/v1/" } })],
    httpConnectionManager: { serverName: "ours", streamIdleTimeout: undefined },
    with: { perConnectionBufferLimitBytes: 1024 },
  });

  expect(listenerMessage(parts, around)).toMatchObject({ name: "in~1", perConnectionBufferLimitBytes: 1024 });
  const manager = managerOf(parts);
  expect(manager).toMatchObject({ serverName: "ours", requestTimeout: { seconds: 30n } });
  expect(manager.streamIdleTimeout).toBeUndefined();
  expect(manager.routeSpecifier.value).toMatchObject({
    virtualHosts: [
      { routes: [{ action: { value: { prefixRewrite: "/v1/", timeout: { nanos: 50_000_000 } } } }] },
    ],
  });
});

test("what nobody says is safe", () => {
  const parts = listener("in", { routes: [] });
  const { address, statPrefix } = listenerMessage(parts, around);
  const { commonHttpProtocolOptions, httpFilters, streamIdleTimeout, requestTimeout } = managerOf(parts);

  expect(address?.address.value).toMatchObject({ address: "127.0.0.1", portSpecifier: { value: 0 } });
  expect(statPrefix).toBe("in~1");
  expect(commonHttpProtocolOptions?.maxStreamDuration?.seconds).toBe(60n);
  expect(commonHttpProtocolOptions?.idleTimeout?.seconds).toBe(300n);
  expect([streamIdleTimeout?.seconds, requestTimeout?.seconds]).toEqual([30n, 30n]);
  expect(httpFilters.map(({ name }) => name)).toEqual(["envoy.filters.http.router"]);
});

test.for([
  ["gRPC, by itself", cluster("c", new GrpcUpstream()), "http2ProtocolOptions"],
  ["h2", cluster("c", "127.0.0.1:1", { protocol: "h2" }), "http2ProtocolOptions"],
  ["h1, by itself", cluster("c", "127.0.0.1:1"), "httpProtocolOptions"],
] as const)("a cluster speaks %s", ([, parts, expected]) => {
  const { typedExtensionProtocolOptions } = clusterMessage(parts, around);
  const [packed] = Object.values(typedExtensionProtocolOptions);
  const { upstreamProtocolOptions } = unpacked(HttpProtocolOptionsSchema, packed);

  expect(upstreamProtocolOptions).toMatchObject({ value: { protocolConfig: { case: expected } } });
});

test("a filter that is given by its message is named as Envoy names it", () => {
  expect(extensionName(any(HttpConnectionManagerSchema))).toBe(
    "envoy.filters.network.http_connection_manager",
  );
  expect(extensionName(any(ClusterSchema))).toBe("envoy.config.cluster.v3.Cluster");
});

test("addresses are those of IPv4, IPv6 and Unix domain sockets", () => {
  expect(parseAddress("[::1]:80").address?.value).toMatchObject({
    address: "::1",
    portSpecifier: { value: 80 },
  });
  expect(parseAddress("/run/a.sock").address?.value).toEqual({ path: "/run/a.sock" });
  expect(() => parseAddress("localhost")).toThrow('"localhost" is no address: write it as "127.0.0.1:6379"');
  expect(() => cidr("127.0.0.1")).toThrow('"127.0.0.1" is no range of addresses: write it as "127.0.0.0/8"');
});
