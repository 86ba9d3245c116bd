import { create, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { RateLimitResponseSchema } from "../../../harness/api/envoy/service/ratelimit/v3/rls_pb.js";
import type { Field } from "../host/fields.ts";
import type { LightHost } from "../host/light-host.ts";
import { hostile } from "../told/hostile.ts";
import { conditionSeeds, oftener, ruleName, words } from "./condition-seeds.ts";
import { declaredBy, schemaOf } from "./declared.ts";
import { filterHandles } from "./drive.ts";
import { type FilterEvent, type FilterSession, filterSessions } from "./sessions.ts";

const MOST = 3;
/** Counts every request; of those that other rules let pass, it lets so many pass. */
const cap = {
  ...{ name: "cap", key: [{ constant: "all" }], on_full: "deny", on_failure: "deny" },
  limit: { requests: MOST, per: "day" },
};

/** Configurations of the shape that the schema declares; one of so many values is wrong. */
function declared(oneOf: number): fc.Arbitrary<unknown> {
  const mostly = oftener(oneOf);
  const seeds = {
    ...conditionSeeds(mostly),
    name: ruleName(mostly),
    ...{ constant: words("all a é"), values: words("a admin 1") },
    ...{ cluster: mostly(words("auth"), words("none é")), domain: words("shop"), key: words("user k") },
    ...{ claim: words("sub /a/b"), payload_in_metadata: words("payload") },
    ...{ numerator: fc.constantFrom(0, 1, 50, 99, 100), requests: fc.constantFrom(1, 2, 100) },
    ...{ burst: fc.constantFrom(1, 2, 5), window_ms: fc.constantFrom(1, 1_000, 2_678_400_000) },
    algorithm: fc.constantFrom("token_bucket", "gcra"),
  };
  return declaredBy(schemaOf("rate-limit"), seeds, oneOf);
}

/** With a rule that must hold whatever the others do. */
const configuration = fc.oneof(declared(80), declared(2_000), declared(2_000)).map((each): unknown => {
  const { rules } = (each ?? {}) as { rules?: unknown };
  return Array.isArray(rules) ? { ...(each as object), rules: [cap, ...(rules as unknown[])] } : each;
});

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const header = fc.record({
  key: fc.constantFrom("x-left", "X Y", "", ":path", "a\n"),
  value: fc.constantFrom("1", "", "a\r\nb"),
});
const response = fc
  .record(
    {
      overallCode: fc.constantFrom(0, 1, 1, 2, 3),
      statuses: fc.array(
        fc.record(
          { code: fc.constantFrom(0, 1, 2), limitRemaining: fc.nat({ max: 9 }) },
          { requiredKeys: [] },
        ),
        { maxLength: 3 },
      ),
      responseHeadersToAdd: fc.array(header, { maxLength: 2 }),
      requestHeadersToAdd: fc.array(header, { maxLength: 2 }),
      rawBody: fc.constantFrom(Uint8Array.of(), Uint8Array.of(0x61, 0xff)),
    },
    { requiredKeys: [] },
  )
  .map((init) => latin1(toBinary(RateLimitResponseSchema, create(RateLimitResponseSchema, init as object))));
/** What a service says: sound answers, damaged ones, and failures. */
const answers: fc.Arbitrary<FilterEvent> = fc.oneof(
  fc.oneof(response, hostile).map((bytes): FilterEvent => ({ kind: "message", bytes })),
  fc.tuple(response, fc.nat({ max: 40 }), hostile).map(([bytes, at, piece]): FilterEvent => ({
    kind: "message",
    bytes: bytes.slice(0, at) + piece + bytes.slice(at),
  })),
  fc.constantFrom(0, 4, 13, 14, 16).map((status): FilterEvent => ({ kind: "failure", status })),
);
const lines = fc
  .tuple(fc.constantFrom("x-key", "authorization", "x-forwarded-for"), hostile)
  .map(([name, value]): Field => [name, value.replace(/[\0\r\n]/g, "")]);

/** Streams under limits, with services that answer anything. */
export const limitSession: fc.Arbitrary<FilterSession> = filterSessions({ configuration, lines, answers });

/** Of requests that each have room under a rule, no more go on than it says, unless another VM spoils what is shared. */
export function limitsHold(host: LightHost, session: FilterSession): void {
  const mayAsk = /^(respond 429|continue 0)$/;
  const passed = filterHandles(host, { rootId: "rate-limit", mayAsk }, session);
  if (passed !== null && session.rivals === 0 && passed.length > MOST)
    throw new Error(`${passed.length} requests went on, of ${MOST} that may`);
}
