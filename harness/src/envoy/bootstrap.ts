import { create, createRegistry, toJsonString, type Registry } from "@bufbuild/protobuf";
import { BytesValueSchema, durationFromMs, StringValueSchema } from "@bufbuild/protobuf/wkt";
import {
  Bootstrap_StaticResourcesSchema,
  BootstrapSchema,
  type Bootstrap,
} from "../../api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import type { Cluster } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import { HttpConnectionManagerSchema } from "../../api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import { RouterSchema } from "../../api/envoy/extensions/filters/http/router/v3/router_pb.js";
import { HttpProtocolOptionsSchema } from "../../api/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js";
import { WasmServiceSchema } from "../../api/envoy/extensions/wasm/v3/wasm_pb.js";
import type { Plugin, Service } from "../backend.ts";
import { envoyApi, knownApiVersions } from "../envoy-api/descriptors.ts";
import { barrierListener } from "../own-names.ts";
import { loopback } from "../scenario/address.ts";
import { listener, listenerMessage } from "../scenario/listener.ts";
import { route } from "../scenario/route.ts";
import { bareSurroundings } from "../scenario/surroundings.ts";
import { wasmService } from "../scenario/wasm.ts";
import type { StatsTag } from "../stats-tags.ts";
import { adsBootstrap } from "../xds/client-bootstrap.ts";
import { collectorCluster, runtimeLayers } from "./observing-resources.ts";

/** What an Envoy has from its start until its end; everything else comes and goes over xDS. */
export interface EnvoySetup {
  readonly services: readonly Service[];
  readonly statsTags: readonly StatsTag[];
  /** Clusters that have to be there before any service runs. */
  readonly clusters: readonly Cluster[];
  /** What else it has from its start: a bootstrap of which the harness needs only parts for itself. Default nothing. */
  readonly base?: Bootstrap;
  /** The plugins of `base`, which speak before any listener comes over xDS. */
  readonly plugins?: readonly Plugin[];
}

/** Where the servers listen that an Envoy has in this process from its start until its end. */
export interface PeerPorts {
  readonly controlPlane: number;
  /** Null where there is none. */
  readonly collector: number | null;
}

/**
 * The configuration that Envoy starts with: whom to ask for the rest, its services, and a listener without
 * filters that answers by itself, through which `WorkerBarrier` reaches every worker thread.
 */
export function bootstrapFor(setup: EnvoySetup, ports: PeerPorts): Bootstrap {
  const ads = adsBootstrap({ port: ports.controlPlane });
  const own = create(BootstrapSchema, {
    dynamicResources: ads.dynamicResources,
    node: { id: "proxy-wasm-harness", cluster: "proxy-wasm-harness" },
    admin: { address: loopback(0) },
    statsConfig: {
      statsTags: setup.statsTags.map(({ tag_name, regex }) => ({
        tagName: tag_name,
        tagValue: { case: "regex" as const, value: regex },
      })),
    },
    statsFlush: { case: "statsFlushOnAdmin", value: true }, // histograms are merged when they are asked for
    layeredRuntime: { layers: runtimeLayers },
    bootstrapExtensions: setup.services.map((service) => ({
      name: "envoy.bootstrap.wasm",
      typedConfig: wasmService(service),
    })),
    staticResources: {
      listeners: [barrier],
      clusters: [
        ads.cluster,
        ...(ports.collector === null ? [] : [collectorCluster(ports.collector)]),
        ...setup.clusters,
      ],
    },
  });
  return setup.base === undefined ? own : onTopOf(setup.base, own);
}

/** A bootstrap with what the harness needs for itself, which is not the other's to say. */
function onTopOf(base: Bootstrap, own: Bootstrap): Bootstrap {
  const { listeners = [], clusters = [] } = own.staticResources ?? {};
  const bootstrap: Bootstrap = {
    ...base,
    ...(base.node?.id ? {} : { node: own.node }),
    admin: own.admin,
    dynamicResources: own.dynamicResources,
    statsFlush: own.statsFlush,
    statsFlushInterval: undefined, // there may be only one of both
  };
  bootstrap.staticResources ??= create(Bootstrap_StaticResourcesSchema);
  bootstrap.staticResources.listeners.push(...listeners);
  bootstrap.staticResources.clusters.push(...clusters);
  return bootstrap;
}

/** As Envoy reads it. */
export function bootstrapJson(bootstrap: Bootstrap): string {
  return toJsonString(BootstrapSchema, bootstrap, { registry });
}

/** Its streams are no test's, so nothing is logged of them, and its connections are kept for ever. */
const barrier = listenerMessage(
  listener(barrierListener, {
    routes: [route("/", 200)],
    isLogged: false,
    httpConnectionManager: { commonHttpProtocolOptions: { idleTimeout: durationFromMs(0) } },
  }),
  bareSurroundings(""),
);

/** Everything that the harness' own part has in a `google.protobuf.Any`. */
const ownTypes = createRegistry(
  HttpConnectionManagerSchema,
  HttpProtocolOptionsSchema,
  RouterSchema,
  WasmServiceSchema,
  BytesValueSchema,
  StringValueSchema,
);

/** The rest is looked up in the whole API, which takes a moment to be read. */
const registry: Registry = {
  ...ownTypes,
  [Symbol.iterator]: () => ownTypes[Symbol.iterator](),
  getMessage: (name) =>
    ownTypes.getMessage(name) ?? envoyApi(knownApiVersions().at(-1) ?? "").getMessage(name),
};
