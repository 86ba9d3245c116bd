import type { Field } from "./fields.ts";

export const Status = {
  Ok: 0,
  NotFound: 1,
  BadArgument: 2,
  InvalidMemoryAccess: 6,
  Empty: 7,
  CasMismatch: 8,
  InternalFailure: 10,
} as const;

export interface Callout {
  readonly token: number;
  readonly timeoutMs: number;
}

export interface Metric {
  readonly type: number;
  readonly name: string;
  value: bigint;
}

/** How a foreign function of the light host answers. */
export interface ForeignAnswer {
  readonly status: number;
  readonly bytes: string;
}

/** A gRPC call or stream. */
export interface GrpcExchange {
  readonly token: number;
  readonly isStream: boolean;
  isOpen: boolean;
  isHalfClosed: boolean;
  isReleased: boolean;
  isEnding: boolean;
  /** The stream that it belongs to, 0 for the plugin; unknown until the guest has said it. */
  owner?: number;
}

/** All that the light host keeps; what is not here it forgets. */
export class HostState {
  /** By the ABI's numbers of header maps and buffers. */
  readonly maps: Field[][] = Array.from({ length: 8 }, () => []);
  readonly buffers: string[] = Array.from({ length: 9 }, () => "");
  readonly properties = new Map<string, string>([["plugin_root_id", "told"]]);
  readonly shared = new Map<string, { readonly value: string; readonly cas: number }>();
  /** So often another VM is faster at storing a shared value. */
  rivals = 0;
  readonly queues = new Map<string, string[]>();
  readonly metrics: Metric[] = [];
  foreign: ForeignAnswer = { status: Status.NotFound, bytes: "" };
  readonly callouts: Callout[] = [];
  readonly exchanges: GrpcExchange[] = [];
  /** What `proxy_get_status` says. */
  readonly grpcStatus = { code: 0, text: "" };
  /** Called before a stream breaks off while a message is sent. */
  onBreak: () => void = () => undefined;
  /** Calls the guest in the midst of its own call, in the plugin. */
  callBack: (callback: string, ...parameters: number[]) => void = () => undefined;
  /** So many plugins are to end, and have not said that they have. */
  endings = 0;
  tickMs = 0;
  /** When the tick was set last. */
  tickSetNanos = 0n;
  nowNanos = 1_700_000_000_000_000_000n;
  logLevel = 0;
  /** The callback that runs, the context that it is of, and the one that host calls act on. */
  callback = "";
  context = 0;
  effective = 0;
  /** Streams that live, by their contexts. */
  readonly streams = new Set<number>();
  readonly answered = new Set<number>();
  /** Those of the answered streams that show the filter its own answer, which it may hold and let go. */
  readonly answersShown = new Set<number>();
  /** Streams whose requests were held, and then let go. */
  readonly resumed = new Set<number>();
  /** What the guest asked for: `continue 0`, `close 0`, `respond 403`. */
  readonly asked: string[] = [];
  /** Given to the guest in place of header maps, as it is. */
  rawPairs: string | null = null;
  /** Called with each line that the guest logs at info. */
  onReport: (line: string) => void = () => undefined;
}
