import type { DescService } from "@bufbuild/protobuf";
import { ClusterSchema } from "../../api/envoy/config/cluster/v3/cluster_pb.js";
import { TypedExtensionConfigSchema } from "../../api/envoy/config/core/v3/extension_pb.js";
import { ClusterLoadAssignmentSchema } from "../../api/envoy/config/endpoint/v3/endpoint_pb.js";
import { ListenerSchema } from "../../api/envoy/config/listener/v3/listener_pb.js";
import { RouteConfigurationSchema } from "../../api/envoy/config/route/v3/route_pb.js";
import { SecretSchema } from "../../api/envoy/extensions/transport_sockets/tls/v3/secret_pb.js";
import { ClusterDiscoveryService } from "../../api/envoy/service/cluster/v3/cds_pb.js";
import { EndpointDiscoveryService } from "../../api/envoy/service/endpoint/v3/eds_pb.js";
import { ExtensionConfigDiscoveryService } from "../../api/envoy/service/extension/v3/config_discovery_pb.js";
import { ListenerDiscoveryService } from "../../api/envoy/service/listener/v3/lds_pb.js";
import { RouteDiscoveryService } from "../../api/envoy/service/route/v3/rds_pb.js";
import { RuntimeDiscoveryService, RuntimeSchema } from "../../api/envoy/service/runtime/v3/rtds_pb.js";
import { SecretDiscoveryService } from "../../api/envoy/service/secret/v3/sds_pb.js";

/** The URL by which a message's type is named in an `Any` and in discovery. */
export function typeUrlOf({ typeName }: { readonly typeName: string }): string {
  return `type.googleapis.com/${typeName}`;
}

export const cds = typeUrlOf(ClusterSchema);
export const eds = typeUrlOf(ClusterLoadAssignmentSchema);
export const sds = typeUrlOf(SecretSchema);
export const lds = typeUrlOf(ListenerSchema);
export const rds = typeUrlOf(RouteConfigurationSchema);
export const ecds = typeUrlOf(TypedExtensionConfigSchema);
export const rtds = typeUrlOf(RuntimeSchema);

/**
 * What is needed comes before what needs it. Types of one group are sent together, in this order: Envoy does not answer
 * a cluster before its endpoints and secrets are there. Types that are not listed come last.
 */
export const additionOrder: ReadonlyArray<readonly string[]> = [
  [rtds],
  [cds, eds, sds],
  [lds],
  [rds],
  [ecds],
];

/** What needs others goes before what it needs; types that are not listed go first. */
export const removalOrder: ReadonlyArray<readonly string[]> = [[lds], [rds, ecds], [cds], [eds, sds], [rtds]];

/** What listeners, routes and extensions need. */
export const needed: ReadonlySet<string> = new Set([cds, eds, sds, rtds]);

/** Of these a client without names wants all, and State of the World has all of them in each response. */
export const completeTypes: ReadonlySet<string> = new Set([cds, lds]);

/** The service that has only one type, by the type's URL. */
export const singleServices: ReadonlyMap<string, DescService> = new Map<string, DescService>([
  [cds, ClusterDiscoveryService],
  [eds, EndpointDiscoveryService],
  [sds, SecretDiscoveryService],
  [lds, ListenerDiscoveryService],
  [rds, RouteDiscoveryService],
  [ecds, ExtensionConfigDiscoveryService],
  [rtds, RuntimeDiscoveryService],
]);

const nouns: ReadonlyMap<string, string> = new Map([
  [cds, "cluster"],
  [eds, "endpoints"],
  [sds, "secret"],
  [lds, "listener"],
  [rds, "route configuration"],
  [ecds, "extension configuration"],
  [rtds, "runtime layer"],
]);

/** `listener "in"` */
export function described({ typeUrl, name }: { readonly typeUrl: string; readonly name: string }): string {
  return `${nouns.get(typeUrl) ?? typeUrl.replace(/^.*\./, "")} "${name}"`;
}
