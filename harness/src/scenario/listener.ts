import { create } from "@bufbuild/protobuf";
import { ListenerSchema, type Listener as Message } from "../../api/envoy/config/listener/v3/listener_pb.js";
import { TlsInspectorSchema } from "../../api/envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector_pb.js";
import { any } from "../envoy-api/any.ts";
import { connectionLogFormat } from "../envoy/access-log.ts";
import { stdoutLog } from "./access-log.ts";
import { loopback } from "./address.ts";
import { listenerFilter, type ListenerFilter } from "./filter.ts";
import { filterChain, type FilterChain } from "./filter-chain.ts";
import { merged, type Fields } from "./merge.ts";
import type { Surroundings } from "./surroundings.ts";

type ListenerFields = Fields<typeof ListenerSchema>;

/**
 * What a listener consists of: one filter chain, or several.
 *
 * @category Configure Envoy
 */
export interface ListenerParts extends FilterChain {
  /** In place of what is said of the only one. */
  readonly filterChains?: readonly FilterChain[];
  /** In their order; what looks for SNI and ALPN comes by itself where a chain is chosen by them. Default none. */
  readonly listenerFilters?: readonly ListenerFilter[];
  /** HTTP/3, over UDP; it needs `tls`. Default false. */
  readonly quic?: boolean;
  /** On 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** Every other field of Envoy's `Listener`; its name and stat_prefix are the listener's name. */
  readonly with?: ListenerFields;
}

/**
 * A listener with its name.
 *
 * @category Configure Envoy
 */
export interface Listener extends ListenerParts {
  /** By which a test sends to it, and the prefix of its stats: `listener.NAME.…`, `http.NAME.…`. */
  readonly name: string;
}

/**
 * A listener on 127.0.0.1: `listener("in", { httpFilters: [wasm("header-authz", …)], routes: [route("/", "service")] })`.
 *
 * @category Configure Envoy
 */
export function listener(name: string, parts: ListenerParts): Listener {
  return { ...parts, name };
}

/** Its chains in their order. */
export function chainsOf(parts: ListenerParts): readonly FilterChain[] {
  return parts.filterChains ?? [parts];
}

/** Whether connections of it are carried as they are, and are what is logged. */
export function hasNetworkChain(parts: ListenerParts): boolean {
  return chainsOf(parts).some(({ filters }) => filters !== undefined);
}

/** As Envoy has it. */
export function listenerMessage(parts: Listener, around: Surroundings): Message {
  const { name, quic: isQuic = false } = parts;
  const fields = merged(isQuic ? quicDefaults(parts) : tcpDefaults(parts), parts.with);
  return create(ListenerSchema, {
    ...fields,
    name: `${name}${around.mark}`,
    statPrefix: `${name}${around.mark}`,
    filterChains: chainsOf(parts).map((chain, position) =>
      filterChain(chain, { listener: name, position, isQuic }, around),
    ),
    listenerFilters: [...inspector(parts), ...(parts.listenerFilters ?? [])].map(listenerFilter),
    accessLog: [
      ...(fields.accessLog ?? []),
      ...(hasNetworkChain(parts)
        ? [stdoutLog({ ...connectionLogFormat, listener: `${name}${around.mark}` })]
        : []),
    ],
  });
}

/** Workers take connections in turn: that makes tests of several workers, and the barrier, deterministic. */
function tcpDefaults({ port = 0 }: ListenerParts): ListenerFields {
  return {
    address: loopback(port),
    enableReusePort: false,
    connectionBalanceConfig: { balanceType: { case: "exactBalance", value: {} } },
  };
}

function quicDefaults({ port = 0 }: ListenerParts): ListenerFields {
  return {
    address: loopback(port, "UDP"),
    udpListenerConfig: { quicOptions: {}, downstreamSocketConfig: { preferGro: false } },
  };
}

/** Finds out what a chain is chosen by. */
function inspector({ quic = false, ...parts }: ListenerParts): ListenerFilter[] {
  const isNeeded = chainsOf(parts).some(
    ({ match }) =>
      match?.serverNames?.length || match?.applicationProtocols?.length || match?.transportProtocol,
  );
  return isNeeded && !quic ? [any(TlsInspectorSchema)] : [];
}
