import fc from "fast-check";
import type { Field } from "../host/fields.ts";
import { grpcEvent } from "./grpc.ts";
import { hostFields, hostile } from "./hostile.ts";
import type { Event } from "./session.ts";

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
  ...["tick", "queue_ready", "http_call_response", "context_create", "request_metadata", "response_metadata"],
  ...["grpc_receive", "grpc_close", "grpc_receive_initial_metadata", "grpc_receive_trailing_metadata"],
].map((name) => `proxy_on_${name}`);
/** What comes between callbacks: answers, ticks, messages, and what no host should call. */
export const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: answer },
  { weight: 6, arbitrary: grpcEvent },
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
