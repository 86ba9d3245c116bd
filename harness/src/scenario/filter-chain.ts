import type {
  FilterChainMatchSchema,
  FilterChainSchema,
} from "../../api/envoy/config/listener/v3/listener_components_pb.js";
import { networkFilter, type NetworkFilter } from "./filter.ts";
import { httpConnectionManager, type HttpChain } from "./http-connection-manager.ts";
import { merged, type Fields } from "./merge.ts";
import type { Surroundings } from "./surroundings.ts";
import { downstreamTls, quicTransport, type ListenerTls } from "./tls.ts";

/**
 * What becomes of a connection: HTTP, or network filters.
 *
 * @category Describe an Envoy
 */
export interface FilterChain extends HttpChain {
  /** Which connections it is for: destination port, source address, SNI, ALPN. Default: all. */
  readonly match?: Fields<typeof FilterChainMatchSchema>;
  /** Default: no TLS. */
  readonly tls?: ListenerTls;
  /** In place of HTTP: network filters in their order, the last one such as `tcpProxy("service")`. */
  readonly filters?: readonly NetworkFilter[];
  /** Every other field of Envoy's `FilterChain`. */
  readonly filterChain?: Fields<typeof FilterChainSchema>;
}

/** Where a chain stands. */
export interface ChainPlace {
  readonly listener: string;
  readonly position: number;
  readonly isQuic: boolean;
}

export function filterChain(
  chain: FilterChain,
  place: ChainPlace,
  around: Surroundings,
): Fields<typeof FilterChainSchema> {
  const { match, tls, filters } = chain;
  const manager = (): NetworkFilter =>
    httpConnectionManager(
      chain,
      { name: place.listener, routesName: routesName(place), isQuic: place.isQuic },
      around,
    );
  const made: Fields<typeof FilterChainSchema> = {
    filters: (filters ?? [manager()]).map((filter) => networkFilter(filter, around)),
  };
  if (match !== undefined) made.filterChainMatch = match;
  if (tls !== undefined) made.transportSocket = transport(tls, chain, place);
  return merged(made, chain.filterChain);
}

/** By which the routes of a chain are found, where they come by themselves. */
export function routesName({ listener, position }: Pick<ChainPlace, "listener" | "position">): string {
  return position === 0 ? listener : `${listener}.${position}`;
}

function transport(tls: ListenerTls, { filters }: FilterChain, { isQuic }: ChainPlace) {
  if (isQuic) return quicTransport(tls);
  return downstreamTls(tls, filters === undefined ? ["h2", "http/1.1"] : []);
}
