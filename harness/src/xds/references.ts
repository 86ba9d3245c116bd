import type { Message } from "@bufbuild/protobuf";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { anyUnpack, type Any } from "@bufbuild/protobuf/wkt";
import type { Cluster } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import type {
  HttpFilter,
  Rds,
} from "../../api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import type { SdsSecretConfig } from "../../api/envoy/extensions/transport_sockets/tls/v3/secret_pb.js";
import { Cluster_DiscoveryType } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import { envoyApi } from "../envoy-api/descriptors.ts";
import { ecds, eds, rds, sds } from "./resource-types.ts";
import type { Resource } from "./resource.ts";
import type { ResourceKey } from "./snapshot.ts";

/** What a client asks for when it has taken a resource: endpoints, routes, secrets, extensions. */
export function referencesOf({ body }: Pick<Resource, "body">): readonly ResourceKey[] {
  return [...inAny(body)];
}

function* inAny(packed: Any): Iterable<ResourceKey> {
  const registry = envoyApi("1.40");
  const message = anyUnpack(packed, registry);
  const schema = message === undefined ? undefined : registry.getMessage(message.$typeName);
  if (message !== undefined && schema !== undefined) yield* inMessage(reflect(schema, message));
}

function* inMessage(reflected: ReflectMessage): Iterable<ResourceKey> {
  const { message, fields } = reflected;
  if (message.$typeName === "google.protobuf.Any") yield* inAny(message as Any);
  const key = named[message.$typeName]?.(message);
  if (key !== undefined && key !== null) yield key;
  for (const field of fields.filter((one) => reflected.isSet(one))) {
    if (field.fieldKind === "message") yield* inMessage(reflected.get(field));
    if (field.fieldKind === "list" && field.listKind === "message") yield* inAll(reflected.get(field));
    if (field.fieldKind === "map" && field.mapKind === "message") yield* inAll(reflected.get(field).values());
  }
}

function* inAll(items: Iterable<unknown>): Iterable<ResourceKey> {
  for (const item of items) yield* inMessage(item as ReflectMessage);
}

/** The messages that name a resource. */
const named: Readonly<Record<string, (message: Message) => ResourceKey | null>> = {
  "envoy.config.cluster.v3.Cluster": endpointsOf,
  "envoy.extensions.filters.network.http_connection_manager.v3.Rds": (message) => ({
    typeUrl: rds,
    name: (message as Rds).routeConfigName,
  }),
  "envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig": (message) => {
    const { name, sdsConfig } = message as SdsSecretConfig;
    return sdsConfig === undefined ? null : { typeUrl: sds, name };
  },
  "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter": extensionOf,
  "envoy.config.listener.v3.Filter": extensionOf,
  "envoy.config.listener.v3.ListenerFilter": extensionOf,
};

/** The endpoints of a cluster that has them over EDS; null for other clusters. */
export function endpointsOf(message: Message): ResourceKey | null {
  const { name, clusterDiscoveryType, edsClusterConfig } = message as Cluster;
  if (clusterDiscoveryType.value !== Cluster_DiscoveryType.EDS) return null;
  return { typeUrl: eds, name: edsClusterConfig?.serviceName || name };
}

/** Filters of all kinds look alike here. */
function extensionOf(message: Message): ResourceKey | null {
  const { name, configType } = message as HttpFilter;
  return configType.case === "configDiscovery" ? { typeUrl: ecds, name } : null;
}
