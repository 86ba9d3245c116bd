/**
 * What Envoy's configuration says of the stream. Envoy 1.40 has these under `xds` only; their older names are gone. A
 * getter `…Or` answers its argument where the property is absent; the others answer null. Source: Envoy,
 * "Attributes".
 *
 * @module
 */
import { Bytes } from "../bytes";
import { getProperty } from "../properties";
import { integerAt } from "./values";

/** The proxy's `node.id`. Valid in every callback. */
export function nodeId(): Bytes | null {
  return getProperty(Bytes.fromString("xds\0node\0id"));
}

/** The cluster that the route leads to. */
export function clusterName(): Bytes | null {
  return getProperty(Bytes.fromString("xds\0cluster_name"));
}

/** The cluster's metadata, a serialised `envoy.config.core.v3.Metadata`. */
export function clusterMetadata(): Bytes | null {
  return getProperty(Bytes.fromString("xds\0cluster_metadata"));
}

/** The route; no bytes when it has no name. */
export function routeName(): Bytes | null {
  return getProperty(Bytes.fromString("xds\0route_name"));
}

/** The route's metadata, serialised; `routeConfig` of a filter decodes it. */
export function routeMetadata(): Bytes | null {
  return getProperty(Bytes.fromString("xds\0route_metadata"));
}

/** The virtual host. */
export function virtualHostName(): Bytes | null {
  return getProperty(Bytes.fromString("xds\0virtual_host_name"));
}

/** The virtual host's metadata, serialised. */
export function virtualHostMetadata(): Bytes | null {
  return getProperty(Bytes.fromString("xds\0virtual_host_metadata"));
}

/** The endpoint's metadata, serialised. */
export function upstreamHostMetadata(): Bytes | null {
  return getProperty(Bytes.fromString("xds\0upstream_host_metadata"));
}

/** The listener's filter chain; no bytes when it has no name. */
export function filterChainName(): Bytes | null {
  return getProperty(Bytes.fromString("xds\0filter_chain_name"));
}

/** The listener's metadata, serialised. */
export function listenerMetadata(): Bytes | null {
  return getProperty(Bytes.fromString("xds\0listener_metadata"));
}

/** 0 unspecified, 1 inbound, 2 outbound. */
export function listenerDirectionOr(absent: i64): i64 {
  return integerAt(Bytes.fromString("xds\0listener_direction"), absent);
}
