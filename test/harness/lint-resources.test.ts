import { readFileSync } from "node:fs";
import { create } from "@bufbuild/protobuf";
import { SourceContextSchema } from "@bufbuild/protobuf/wkt";
import { any, lintResources, lintText, resource } from "proxy-wasm-harness";
import { ClusterSchema } from "proxy-wasm-harness/api/envoy/config/cluster/v3/cluster";
import { ListenerSchema } from "proxy-wasm-harness/api/envoy/config/listener/v3/listener";
import { RouteConfigurationSchema } from "proxy-wasm-harness/api/envoy/config/route/v3/route";
import { RouterSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/router/v3/router";
import { WasmSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/wasm/v3/wasm";
import { HttpConnectionManagerSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager";
import { expect, test } from "vitest";
import { bootstrapFor, bootstrapJson } from "../../harness/src/envoy/bootstrap.ts";
import { Isolation } from "../../harness/src/envoy/isolation.ts";
import { collectorCluster } from "../../harness/src/envoy/observing-resources.ts";
import { clusterResources, httpListener } from "../../harness/src/envoy/scenario-resources.ts";
import { Upstream } from "../../harness/src/upstream.ts";
import { guest } from "../guests/guest.ts";
import { scenario } from "./envoy-fixture.ts";

const cluster = create(ClusterSchema, {
  name: "service",
  clusterDiscoveryType: { case: "type", value: 3 },
  edsClusterConfig: { edsConfig: { configSourceSpecifier: { case: "ads", value: {} } } },
});

const routesTo = (name: string) =>
  create(RouteConfigurationSchema, {
    name: "routes",
    virtualHosts: [
      {
        name: "all",
        domains: ["*"],
        routes: [
          {
            match: { pathSpecifier: { case: "prefix", value: "/" } },
            action: { case: "route", value: { clusterSpecifier: { case: "cluster", value: name } } },
          },
        ],
      },
    ],
  });

const listenerWith = (routeConfigName: string) =>
  create(ListenerSchema, {
    name: "in",
    address: {
      address: {
        case: "socketAddress",
        value: { address: "127.0.0.1", portSpecifier: { case: "portValue", value: 0 } },
      },
    },
    filterChains: [
      {
        filters: [
          {
            name: "http",
            configType: {
              case: "typedConfig",
              value: any(HttpConnectionManagerSchema, {
                statPrefix: "in",
                routeSpecifier: {
                  case: "rds",
                  value: {
                    routeConfigName,
                    configSource: { configSourceSpecifier: { case: "ads", value: {} } },
                  },
                },
                httpFilters: [
                  { name: "router", configType: { case: "typedConfig", value: any(RouterSchema) } },
                ],
              }),
            },
          },
        ],
      },
    ],
  });

const found = (...arguments_: Parameters<typeof lintResources>): string[] =>
  lintResources(...arguments_).map(({ rule, path, message }) => `${rule} ${path}: ${message}`);

const route = 'RouteConfiguration["routes"].virtual_hosts[0].routes[0].route.cluster';

test("a sound snapshot of typed messages has no findings", () => {
  expect(lintResources([cluster, routesTo("service"), listenerWith("routes")])).toEqual([]);
});

test("names are looked up across the resources of a snapshot", () => {
  expect(found([cluster, routesTo("servise"), listenerWith("rotes")])).toEqual([
    `unknown-cluster ${route}: there is no cluster "servise"`,
    'unknown-route-config Listener["in"].filter_chains[0].filters[0].typed_config.rds.route_config_name: no route configuration is named rotes',
  ]);
});

test("resources without their clusters are not held against those that are not there", () => {
  expect(found([routesTo("elsewhere")])).toEqual([]);
  expect(found([routesTo("elsewhere")], { otherClusters: ["service"] })).toEqual([
    `unknown-cluster ${route}: there is no cluster "elsewhere"`,
  ]);
  expect(found([routesTo("elsewhere")], { otherClusters: ["elsewhere"] })).toEqual([]);
});

test("an Any and an object with a type are read as the message", () => {
  const expected = ['constraint Cluster[""].name: name must not be empty'];
  expect(found([any(ClusterSchema, { ...cluster, name: "x" })])).toEqual([]);
  expect(
    found([{ "@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", name: "", type: "EDS" }]),
  ).toEqual(expected);
  expect(found([any(ClusterSchema, { clusterDiscoveryType: { case: "type", value: 3 } })])).toEqual([
    "constraint [0].name: Cluster needs name",
  ]);
});

test("a message that cannot be read is a finding, and no error", () => {
  const broken = any(ClusterSchema, { name: "a" });
  broken.value = Uint8Array.of(255, 255);
  expect(found([broken])).toEqual([expect.stringMatching(/^unchecked-type \[0\]: it cannot be read: /)]);
  expect(found([create(SourceContextSchema)])).toEqual([
    "unchecked-type [0]: it cannot be read: there is no type google.protobuf.SourceContext",
  ]);
  expect(found([{}])).toEqual([]);
});

test("a module in the configuration itself is looked into", () => {
  const inline = (name: string) => {
    const code = {
      specifier: { case: "inlineBytes", value: new Uint8Array(readFileSync(guest(name))) },
    } as const;
    return any(WasmSchema, {
      config: {
        name: "f",
        vm: {
          case: "vmConfig",
          value: { runtime: "envoy.wasm.runtime.v8", code: { specifier: { case: "local", value: code } } },
        },
      },
    });
  };

  expect(found([inline("empty")])).toEqual([]);
  expect(found([inline("unsound/no-allocator")])).toEqual([
    expect.stringMatching(
      /^wasm-unsound .*code\.local\.inline_bytes: Envoy refuses the inline module: it exports neither malloc/,
    ),
  ]);
});

test("what the harness itself gives to Envoy is sound", async () => {
  const isolation = Isolation.next({});
  const accessLog = { requestHeaders: ["a"], responseHeaders: [], responseTrailers: [], filterState: [] };
  const observing = { accessLog, isTraced: true, logLevels: {} };
  const given = { ...(await scenario(new Upstream())), observing };
  const resources = [
    ...clusterResources({ upstream: 1, clusters: { c: 2 }, grpcClusters: { g: 3 } }, isolation),
    ...httpListener(given, given, isolation),
    resource(ClusterSchema, collectorCluster(4)),
  ];
  const ports = { controlPlane: 1, collector: 2 };

  expect(lintText(bootstrapJson(bootstrapFor({ services: [], statsTags: [], clusters: [] }, ports)))).toEqual(
    [],
  );
  expect(lintResources(resources.map(({ body }) => body))).toEqual([]);
});
