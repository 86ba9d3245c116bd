import type { LbEndpointSchema } from "../../api/envoy/config/endpoint/v3/endpoint_components_pb.js";
import { GrpcUpstream } from "../grpc/upstream.ts";
import { TcpUpstream } from "../tcp-upstream.ts";
import { Upstream } from "../upstream.ts";
import type { ServerTls } from "../upstreams/connections.ts";
import { UpstreamGroup } from "../upstreams/group.ts";
import type { Fields } from "./merge.ts";

/** A listener of the same scenario. */
export interface ListenerEndpoint {
  /** Its name. */
  readonly listener: string;
}

/**
 * What an endpoint leads to: a server that is written in the test, one that is somewhere else (`127.0.0.1:6379`), or
 * another listener of the scenario.
 *
 * @category Describe an Envoy
 */
export type Server = Upstream | GrpcUpstream | TcpUpstream | ListenerEndpoint | string;

/**
 * What an endpoint has besides its server.
 *
 * @category Describe an Envoy
 */
export interface EndpointSettings {
  /** What an `Upstream` speaks TLS with. Default: it does not. */
  readonly tls?: ServerTls;
  /** Those of a higher number are used when those of the lower ones are not healthy. Default 0. */
  readonly priority?: number;
  /** Every other field of Envoy's `LbEndpoint`, as `loadBalancingWeight`. */
  readonly with?: Fields<typeof LbEndpointSchema>;
}

/**
 * One endpoint of a cluster.
 *
 * @category Describe an Envoy
 */
export interface Endpoint extends EndpointSettings {
  /** What it leads to. */
  readonly server: Server;
}

/**
 * The endpoints of a cluster: one, a group, or a list.
 *
 * @category Describe an Envoy
 */
export type Endpoints = Server | UpstreamGroup | Endpoint | readonly (Server | Endpoint)[];

/**
 * An endpoint with more than its server: `endpoint(upstream, { tls: { identity } })`.
 *
 * @category Describe an Envoy
 */
export function endpoint(server: Server, settings: EndpointSettings = {}): Endpoint {
  return { ...settings, server };
}

/** One by one. */
export function endpointsOf(endpoints: Endpoints): readonly Endpoint[] {
  if (endpoints instanceof UpstreamGroup) return endpoints.upstreams.map((server) => ({ server }));
  const list = isList(endpoints) ? endpoints : [endpoints];
  return list.map((one) => (isEndpoint(one) ? one : { server: one }));
}

function isList(
  endpoints: Server | Endpoint | readonly (Server | Endpoint)[],
): endpoints is readonly (Server | Endpoint)[] {
  return Array.isArray(endpoints);
}

function isEndpoint(one: Server | Endpoint): one is Endpoint {
  return typeof one === "object" && "server" in one;
}
