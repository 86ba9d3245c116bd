import type { CallName } from "../module/abi-calls.ts";

/**
 * Bytes that are no text, that are too many, or that the backend cannot see.
 *
 * @category Read what happened
 */
export interface TranscribedBytes {
  /** The beginning of a text of more than 4,096 bytes. */
  readonly text?: string;
  /** All of what is not UTF-8, or its first 4,096 bytes; of header pairs, 16,384. */
  readonly base64?: string;
  /** How many there were. */
  readonly byteLength: number;
}

/**
 * Bytes as a transcript has them: text when they are UTF-8.
 *
 * @category Read what happened
 */
export type TranscriptBytes = string | TranscribedBytes;

/**
 * A value that crossed the ABI: a number, the name of one, bytes or pairs. A number that JavaScript cannot hold is its digits.
 *
 * @category Read what happened
 */
export type TranscriptValue =
  number | boolean | TranscriptBytes | ReadonlyArray<readonly [TranscriptBytes, TranscriptBytes]>;

/**
 * One call across the ABI: a callback of the guest, or a host call that it made. Plain data, which `JSON.stringify` keeps.
 *
 * @category Read what happened
 */
export interface TranscriptEntry {
  /** Who called: the host the guest, or the guest the host. */
  readonly kind: "callback" | "host_call";
  /** The name in the ABI: `proxy_on_request_headers`, `proxy_log`. */
  readonly name: CallName;
  /** The plugin's name, or "" when the backend cannot tell. */
  readonly plugin: string;
  /** Where the plugin's VM is, of the embedded backend with threads: `main thread`, `worker 1`, or the `canary`. */
  readonly thread?: string;
  /** The context for which it was made; null while the module is set up. */
  readonly contextId: number | null;
  /** What was passed, by the names of `ValueName`. A real Envoy shows of bytes and pairs only how long they are. */
  readonly arguments: Readonly<Record<string, TranscriptValue>>;
  /** What the host wrote, when it answered `Ok`; empty in a real Envoy, which does not show it. */
  readonly outputs: Readonly<Record<string, TranscriptValue>>;
  /** The status of a host call, the action or answer of a callback; null when nothing is returned, or it did not return. */
  readonly result: string | number | boolean | null;
  /** V8's reason, when the guest trapped in it, or why the harness ended it; else null. */
  readonly trap: string | null;
  /** Nanoseconds since the proxy began, by the backend's clock. */
  readonly timeNanos: number;
  /** How many calls it is made in: a host call in a callback has 1. */
  readonly depth: number;
}

/**
 * Calls in their order; as text, by `String(transcript)`, a line each.
 *
 * @category Read what happened
 */
export interface Transcript extends ReadonlyArray<TranscriptEntry> {
  /** How many of the oldest calls are not kept: 8 MiB of them are, or 100,000 in a real Envoy, and up to twice as many. */
  readonly omitted: number;
}

/** What a backend has recorded up to a moment. */
export interface TranscriptSource {
  /** How many calls there were. */
  readonly calls: number;
  /** How many of them were host calls. */
  readonly hostCalls: number;
  /** All but so many of the first. */
  since(calls: number): Transcript;
}
