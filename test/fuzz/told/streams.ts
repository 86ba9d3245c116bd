import fc from "fast-check";
import type { Field } from "../host/fields.ts";
import { event } from "./events.ts";
import { hostFields, hostile } from "./hostile.ts";
import { bodySteps, pluginSteps, streamSteps } from "./operations.ts";
import { damagedMetadata, metadata } from "./protobuf.ts";
import { bytesField, varint } from "./wire-format.ts";
import type { Act, Message, Session, Stream } from "./session.ts";
import type { Step } from "./steps.ts";

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
  onMetadata: fc.option(streamAct, { freq: 2 }),
});

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
