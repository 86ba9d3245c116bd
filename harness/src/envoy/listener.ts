import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type { AccessLogSchema } from "../../api/envoy/config/accesslog/v3/accesslog_pb.js";
import { ListenerSchema, type Listener } from "../../api/envoy/config/listener/v3/listener_pb.js";
import { loopback } from "./loopback.ts";

export interface ListenerParts {
  readonly name: string;
  /** Of the listener's stats, `listener.PREFIX.…`. */
  readonly statPrefix: string;
  /** On 127.0.0.1; 0 is any free one. */
  readonly port: number;
  /** In the order in which a connection meets them. */
  readonly filters: readonly Any[];
  /** What is written of each connection. */
  readonly accessLog?: readonly MessageInitShape<typeof AccessLogSchema>[];
}

/**
 * A listener of one filter chain. Workers take connections in turn: that makes tests of several workers, and the
 * barrier, deterministic.
 */
export function listener({ name, statPrefix, port, filters, accessLog = [] }: ListenerParts): Listener {
  return create(ListenerSchema, {
    name,
    statPrefix,
    address: loopback(port),
    enableReusePort: false,
    connectionBalanceConfig: { balanceType: { case: "exactBalance", value: {} } },
    filterChains: [{ filters: filters.map(named) }],
    accessLog: [...accessLog],
  });
}

/** A filter is found by its type; its name has to be there. */
function named(filter: Any, position: number) {
  return { name: `filter.${position}`, configType: { case: "typedConfig", value: filter } } as const;
}
