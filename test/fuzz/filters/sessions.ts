import fc from "fast-check";
import { requestFields } from "../authz/requests.ts";
import { connection } from "../authz/surroundings.ts";
import type { Field } from "../host/fields.ts";
import { hostFields, hostile } from "../told/hostile.ts";

/** What happens between callbacks: time goes by, or a service answers the first of the calls that are open. */
export type FilterEvent =
  | { readonly kind: "tick"; readonly by: number }
  | { readonly kind: "message"; readonly bytes: string }
  | { readonly kind: "failure"; readonly status: number };

/** A request, and what comes back if it goes on. */
export interface FilterStream {
  readonly request: readonly Field[];
  readonly events: readonly FilterEvent[];
  readonly response: readonly Field[];
  readonly chunks: readonly string[];
  readonly trailers: readonly Field[] | null;
}

/** A configuration, what the host knows, and streams that are open together. */
export interface FilterSession {
  readonly configuration: unknown;
  readonly properties: Readonly<Record<string, string>>;
  readonly streams: readonly FilterStream[];
  /** So often another VM is faster at storing what is shared. */
  readonly rivals: number;
}

/** So many streams follow a configuration. */
export const streamsPerSession = 6;

const tick = fc.constantFrom(0, 1, 1, 2, 40).map((by): FilterEvent => ({ kind: "tick", by }));

/** Sessions of a filter: `lines` are headers that it reads, `answers` what its services say. */
export function filterSessions(parts: {
  readonly configuration: fc.Arbitrary<unknown>;
  readonly lines: fc.Arbitrary<Field>;
  readonly answers?: fc.Arbitrary<FilterEvent>;
}): fc.Arbitrary<FilterSession> {
  const { configuration, lines, answers = tick } = parts;
  const stream = fc.record({
    request: fc
      .tuple(requestFields, fc.array(lines, { maxLength: 3 }))
      .map(([fields, more]) => [...fields, ...more]),
    events: fc.array(fc.oneof(tick, answers), { maxLength: 4 }),
    response: fc.oneof(hostFields, fc.constantFrom<Field[]>([[":status", "200"]], [])),
    chunks: fc.array(fc.oneof(hostile, fc.constantFrom("", "a".repeat(5_000))), { maxLength: 3 }),
    trailers: fc.option(hostFields, { freq: 3 }),
  });
  return fc.record({
    configuration,
    properties: connection,
    streams: fc.array(stream, { minLength: streamsPerSession, maxLength: streamsPerSession }),
    rivals: fc.constantFrom(0, 0, 0, 1, 3, 50),
  });
}
