import fc from "fast-check";
import type { Faults } from "../host/imports.ts";
import { EMPTY_RESULT } from "../host/imports.ts";
import type { Field } from "../host/fields.ts";
import { encodePairs } from "../host/fields.ts";
import type { ForeignAnswer } from "../host/state.ts";
import { hostFields, hostile, place } from "./hostile.ts";
import { bodySteps, pluginSteps, streamSteps } from "./operations.ts";
import { bytesField, damagedMetadata, metadata, varint } from "./protobuf.ts";
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

const actOf = (steps: fc.Arbitrary<Step[]>): fc.Arbitrary<Act> =>
  fc.record({ isToPause: fc.constantFrom(false, false, true), steps });
const streamAct = actOf(streamSteps);
const bodyAct = actOf(bodySteps);

const contentLength = fc
  .constantFrom("0", "5", "30", "999999999999999999999", "abc", "", "-1")
  .map((value): Field[] => [["content-length", value]]);
const headers = fc
  .tuple(hostFields, fc.oneof(contentLength, fc.constant<Field[]>([])))
  .map((lists): Field[] => lists.flat());
const message: fc.Arbitrary<Message> = fc.record({
  headers,
  chunks: fc.array(hostile, { maxLength: 3 }),
  trailers: fc.option(hostFields, { freq: 2 }),
  onHeaders: streamAct,
  onBody: fc.array(bodyAct, { minLength: 1, maxLength: 3 }),
  onWhole: bodyAct,
  onTrailers: streamAct,
});

const localText = fc.constantFrom(
  "upstream request timeout",
  "upstream connect error or disconnect/reset before headers",
  "no healthy upstream",
);
const localHeaders = fc
  .tuple(fc.constantFrom("503", "504", "200", "x", ""), fc.constantFrom("text/plain", "text/html"))
  .map(([status, type]): Field[] => [
    [":status", status],
    ["content-length", "24"],
    ["content-type", type],
  ]);
const answer = fc.record({
  kind: fc.constant("answer" as const),
  headers: fc.oneof(localHeaders, hostFields, fc.constant<Field[]>([])),
  body: fc.oneof(localText, hostile),
  trailers: hostFields,
});
const strangers = [
  ...[
    "request_headers",
    "request_body",
    "request_trailers",
    "response_headers",
    "response_body",
    "log",
    "done",
    "delete",
  ],
  ...["tick", "queue_ready", "http_call_response", "context_create"],
].map((name) => `proxy_on_${name}`);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: answer },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("tick" as const, "message" as const),
      by: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("allocate" as const),
      length: fc.constantFrom(0, 0x4000_0001, -1),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("stranger" as const),
      callback: fc.constantFrom(...strangers),
      context: fc.constantFrom(0, 9_999, 0xffff_ffff),
      parent: fc.constantFrom(0, 9_999, 7),
    }),
  },
);

const stream: fc.Arbitrary<Stream> = fc.record({
  request: message,
  response: message,
  onLog: streamAct,
  onDone: streamAct,
  events: fc.array(event, { maxLength: 8 }),
  others: fc.oneof(
    { weight: 150, arbitrary: fc.nat({ max: 2 }) },
    { weight: 1, arbitrary: fc.constant(130) },
  ),
});

const signature = fc
  .tuple(fc.nat({ max: 2 }), hostile, hostile)
  .map(
    ([isOk, first, second]) =>
      varint(8n) + varint(BigInt(isOk)) + bytesField(2, first) + bytesField(3, second),
  );
const property = fc.tuple(
  fc.constantFrom(
    "xds\0route_metadata",
    "xds\0virtual_host_metadata",
    "xds\0node\0id",
    "source\0port",
    "request\0size",
    "connection\0mtls",
  ),
  fc.oneof(
    hostile,
    damagedMetadata,
    metadata.map(({ bytes }) => bytes),
    fc.constantFrom("", "\0", "\x01", "\x01\0\0\0\0\0\0\0", "\0\0\0\0\0\0\xf0\x7f"),
  ),
);

/** Sessions with a host that keeps to the rules: the model knows all that must come of them. */
export const soundSession: fc.Arbitrary<Session> = fc.record({
  configuration: fc.constantFrom("", " ", "{}", " { }"),
  onConfigured: pluginSteps,
  streams: fc.array(stream, { minLength: 3, maxLength: 3 }),
  properties: fc.array(property, { maxLength: 3 }),
  rivals: fc.constantFrom(0, 0, 1, 3, 300),
  foreign: fc.record({ status: fc.constantFrom(0, 0, 0, 1, 2), bytes: fc.oneof(hostile, signature) }),
  logLevel: fc.constantFrom(0, 0, 1, 2),
  faults: fc.constant({}),
  rawPairs: fc.constant(null),
});

const refusals = [0, 0, 1, 2, 6, 7, 8, 10, 12, 255];
const named = (...names: string[]): fc.Arbitrary<string> => fc.constantFrom(...names);
const faultOf = (statuses: readonly number[]) =>
  fc.array(fc.constantFrom(...statuses), { minLength: 1, maxLength: 3 }).map((faults) => [...faults, 0]);
/** What a host may refuse, and what it may say is there and then give nothing. */
const faults = fc
  .tuple(
    fc.dictionary(
      named(
        ...[
          "set_header_map_pairs",
          "add_header_map_value",
          "replace_header_map_value",
          "remove_header_map_value",
        ],
        ...[
          "set_buffer_bytes",
          "set_property",
          "set_shared_data",
          "enqueue_shared_queue",
          "send_local_response",
        ],
        ...["continue_stream", "close_stream", "log", "set_tick_period_milliseconds"],
        ...["increment_metric", "record_metric", "define_metric", "register_shared_queue"],
      ),
      faultOf(refusals),
      { maxKeys: 3 },
    ),
    fc.dictionary(
      named(
        ...[
          "get_header_map_pairs",
          "get_buffer_bytes",
          "get_property",
          "call_foreign_function",
          "get_shared_data",
        ],
        ...["resolve_shared_queue", "dequeue_shared_queue", "http_call", "get_log_level"],
        ...["get_current_time_nanoseconds", "clock_time_get"],
      ),
      faultOf([...refusals, EMPTY_RESULT]),
      { maxKeys: 3 },
    ),
  )
  .map(([refused, empty]): Faults => ({ ...refused, ...empty }));
const rawPairs = fc.tuple(hostFields, place, hostile).map(([fields, at, bytes]) => {
  const pairs = encodePairs(fields);
  return pairs.slice(0, Math.abs(at) % (pairs.length + 1)) + bytes;
});

/** Sessions with a host that refuses, forgets, and hands over what is none: nothing may trap, nor harm the host. */
export const hostileSession: fc.Arbitrary<Session> = fc
  .tuple(
    soundSession,
    faults,
    fc.option(rawPairs),
    fc.oneof(fc.constantFrom("", "{}"), hostile),
    fc.oneof(fc.constant(0), place),
  )
  .map(([session, faulty, raw, configuration, logLevel]) => ({
    ...session,
    faults: faulty,
    rawPairs: raw,
    configuration,
    logLevel,
  }));
