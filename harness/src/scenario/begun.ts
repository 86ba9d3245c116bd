import type { AccessLog } from "../envoy/access-log.ts";
import type { Tally } from "../tally.ts";
import { hasNetworkChain, type Listener } from "./listener.ts";

/** What has begun somewhere, and has to be logged. */
export interface Begun {
  /** `streams of "in"` */
  readonly what: string;
  /** By Envoy's counts; of connections that are carried as they are, how many are destroyed. */
  readonly count: number;
  readonly ended: Tally;
  /** The histogram with how long each took. */
  readonly times: string;
}

/** What has begun at each listener. */
export function begunAt(
  listeners: readonly Listener[],
  accessLog: AccessLog,
  metrics: ReadonlyMap<string, bigint>,
): Begun[] {
  const count = (name: string): number => Number(metrics.get(name) ?? 0n);
  return listeners.flatMap((listener) => {
    const { name } = listener;
    const { streams, connections } = accessLog.endedAt(name);
    const http = {
      what: `streams of "${name}"`,
      count: count(`http.${name}.downstream_rq_total`),
      ended: streams,
      times: `http.${name}.downstream_rq_time`,
    };
    const network = {
      what: `connections of "${name}"`,
      count: count(`listener.${name}.downstream_cx_destroy`),
      ended: connections,
      times: `listener.${name}.downstream_cx_length_ms`,
    };
    return hasNetworkChain(listener) ? [http, network] : [http];
  });
}
