import type { Field } from "../host/fields.ts";
import type { Faults } from "../host/imports.ts";
import type { ForeignAnswer } from "../host/state.ts";
import type { GrpcEvent } from "./grpc.ts";
import type { Step } from "./steps.ts";

/** What one callback is told. */
export interface Act {
  readonly isToPause: boolean;
  readonly steps: readonly Step[];
}

/** A request or a response, and what is done in its callbacks. */
export interface Message {
  readonly headers: readonly Field[];
  readonly chunks: readonly string[];
  readonly trailers: readonly Field[] | null;
  readonly onHeaders: Act;
  readonly onBody: readonly Act[];
  readonly onWhole: Act;
  readonly onTrailers: Act;
  /** A map of METADATA comes behind the headers. */
  readonly onMetadata: Act | null;
}

/** What comes between a stream's own callbacks. */
export type Event =
  | {
      readonly kind: "answer";
      readonly headers: readonly Field[];
      readonly body: string;
      readonly trailers: readonly Field[];
    }
  | { readonly kind: "tick" | "message"; readonly by: number }
  | GrpcEvent
  | { readonly kind: "allocate"; readonly length: number }
  | {
      readonly kind: "stranger";
      readonly callback: string;
      readonly context: number;
      readonly parent: number;
    };

/** One stream through the guest. */
export interface Stream {
  readonly request: Message;
  readonly response: Message;
  readonly onLog: Act;
  readonly onDone: Act;
  readonly events: readonly Event[];
  /** So many other streams are there at the same time. */
  readonly others: number;
}

/** A plugin, its streams, and a host that need not keep to the rules. */
export interface Session {
  readonly configuration: string;
  readonly onConfigured: readonly Step[];
  readonly streams: readonly Stream[];
  readonly properties: readonly (readonly [string, string])[];
  readonly rivals: number;
  readonly foreign: ForeignAnswer;
  readonly logLevel: number;
  readonly faults: Faults;
  readonly rawPairs: string | null;
}

/** A session of a plugin's configuration only, on a host that has nothing. */
export function sessionOf(onConfigured: readonly Step[]): Session {
  const foreign = { status: 1, bytes: "" };
  return {
    ...{ configuration: "", onConfigured, streams: [], properties: [], rivals: 0, foreign },
    ...{ logLevel: 0, faults: {}, rawPairs: null },
  };
}
