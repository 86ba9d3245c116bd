import fc from "fast-check";
import { ruleNames } from "./traffic.ts";

/** A rule of header-authz, as its JSON has it. */
export interface Matcher {
  readonly header: string;
  readonly exact?: string;
  readonly prefix?: string;
  readonly present?: true;
  readonly invert?: boolean;
}

/** A configuration of header-authz. */
export interface AuthzConfiguration {
  readonly rules: ReadonlyArray<{ readonly allow: Matcher } | { readonly deny: Matcher }>;
  readonly repeated?: "refuse" | "first" | "every";
}

const text = fc.oneof(
  fc.constantFrom("admin", "ops-", "user", "é", '"\\"', "\u001f\t"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 8 }),
);
const operand = text.filter((value) => !/[\0\r\n]/.test(value));
const comparison = fc.oneof(
  operand.map((exact) => ({ exact })),
  operand.map((prefix) => ({ prefix })),
  fc.constant({ present: true as const }),
);
const matcher: fc.Arbitrary<Matcher> = fc
  .tuple(
    fc.constantFrom(...ruleNames, "X-Role", "X-TEAM"),
    comparison,
    fc.constantFrom({}, { invert: true }, { invert: false }),
  )
  .map(([header, how, invert]) => ({ header, ...how, ...invert }));
const rule = fc.oneof(
  matcher.map((allow) => ({ allow })),
  matcher.map((deny) => ({ deny })),
);

/** Configurations that the filter must accept. */
export const soundAuthz: fc.Arbitrary<AuthzConfiguration> = fc.record(
  {
    rules: fc
      .array(rule, { minLength: 1, maxLength: 4 })
      .filter((rules) => rules.some((each) => "allow" in each)),
    repeated: fc.constantFrom("refuse", "first", "every"),
  },
  { requiredKeys: ["rules"] },
);

/** A change of a request's headers, as echo-headers reads it. */
export interface Edit {
  readonly do: "add" | "set" | "remove";
  readonly name: string;
  readonly value: string;
}

const editName = fc.oneof(
  fc.constantFrom("x-role", "X-Team", "x-new", "", "x y", "é", "a\nb", ":path", ":status"),
  fc.string({ maxLength: 5 }),
);
const editValue = fc.oneof(
  fc.constantFrom("", "v", "a\r\nb", "a\nb", "a\rb", "\0", "é"),
  fc.string({ unit: "binary", maxLength: 8 }),
);

/** Configurations of echo-headers that change headers and answer by themselves. */
export const echo = fc.record(
  {
    log: fc.constant(true),
    edits: fc.array(
      fc.record({ do: fc.constantFrom("add", "set", "remove"), name: editName, value: editValue }),
      { maxLength: 5 },
    ),
    response_header: editValue,
    time: fc.boolean(),
    reply: fc.record(
      {
        status: fc.oneof(fc.integer({ min: 200, max: 599 }), fc.integer({ min: 0, max: 9999 })),
        details: fc.string({ maxLength: 10 }),
        body: fc.string({ unit: "binary", maxLength: 20 }),
        headers: fc.array(fc.tuple(editName, editValue), { maxLength: 3 }),
        grpc_status: fc.integer({ min: 0, max: 16 }),
      },
      { requiredKeys: ["status", "details"] },
    ),
  },
  { requiredKeys: ["log"] },
);

const literals = [
  "\u0001",
  "\t",
  "null",
  "true",
  "1e999",
  "-0",
  "0.5",
  '""',
  '"\\ud800"',
  '"\\u0000"',
  "[]",
  "{}",
  "[[[[]]]]",
  '{"a":{"a":1}}',
  "\ufeff",
];
const hostileLiteral = fc.oneof(fc.constantFrom(...literals), fc.string({ unit: "binary", maxLength: 6 }));

/** A text that began as a configuration, and whether a filter may accept what became of it. */
export interface DamagedText {
  readonly text: Uint8Array;
  readonly mustBeRefused: boolean;
}

/** Configurations that were cut, doubled, overwritten or nested; whatever comes of them. */
export const damagedText: fc.Arbitrary<DamagedText> = fc
  .tuple(
    soundAuthz,
    fc.nat(),
    fc.nat({ max: 20 }),
    hostileLiteral,
    fc.constantFrom("splice", "nest", "bytes", "repeat"),
  )
  .map(([configuration, at, length, literal, how]) => {
    const sound = JSON.stringify(configuration);
    const from = at % (sound.length + 1);
    if (how === "nest") return judged(bytes("[".repeat(length * 10) + sound + "]".repeat(length * 10)));
    if (how === "repeat")
      return { text: bytes(`${sound.slice(0, -1)},${sound.slice(1)}`), mustBeRefused: true };
    if (how === "bytes") return judged(bytes(sound).with(from % sound.length, at & 0xff));
    return judged(bytes(sound.slice(0, from) + literal + sound.slice(from + length)));
  });

/** What is no JSON in UTF-8 must be refused. */
function judged(text: Uint8Array): DamagedText {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text));
    return { text, mustBeRefused: false };
  } catch {
    return { text, mustBeRefused: text.some((byte) => !blanks.has(byte)) }; // blanks alone are an empty configuration
  }
}

const blanks: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d, 0x20]);

function bytes(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
