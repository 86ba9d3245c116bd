import fc from "fast-check";
import { utf8 } from "./bytes.ts";

/** Keys of the configurations that the recipes read, right and misspelt. */
export const keys = [
  "rules",
  "rule",
  "exact",
  "prefix",
  "limit",
  "repeated",
  "",
  "\u{1f600}",
  'a"b',
  "x".repeat(70),
];
const key = fc.oneof(fc.constantFrom(...keys), fc.string({ unit: "binary", maxLength: 4 }));

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    7,
    -1,
    1e21,
    1.5,
    -0.25,
    2 ** 53,
    "refuse",
    "first",
    "every",
  ),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.integer(),
);
const { any, object } = fc.letrec<{ any: unknown; object: object }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    scalar,
    fc.array(tie("any"), { maxLength: 4 }),
    tie("object"),
  ),
  object: fc.dictionary(key, tie("any"), { maxKeys: 12 }),
}));

/** A character of a string in one of the ways that JSON has for it. */
function escaped(text: string, ways: readonly number[]): string {
  return text.replace(/\\u[0-9a-f]{4}|\\.|[^"\\{}[\]:,0-9.eE+\-\s]/gs, (character, at: number) => {
    const way = ways[at % ways.length] ?? 0;
    if (character.length > 1 || way !== 1 || /[a-z]/.test(character)) return character;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

const numbers = fc.constantFrom(
  ...[
    "1e3",
    "1E+3",
    "10e-1",
    "-0",
    "1.0",
    "0.5e1",
    "1e400",
    "-",
    "01",
    "1.",
    ".5",
    "1e",
    "+1",
    "0x1",
    "9007199254740993",
  ],
  ...["900719925474099100e-2", "1e-400", "-1e2", "120.00", "NaN"],
);
const literals = fc.oneof(
  numbers,
  fc.constantFrom(
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    '"\\udc00"',
    '"\\ud83dx"',
    '"\\q"',
    '"\\u12g4"',
    '"\\/\\b\\f\\n\\r\\t\\\\"',
  ),
  fc.constantFrom("\u0001", "/**/", ",", "{", "}", "[", "]", ":", '"', "\\", "\n", "nul", "truer", "\0"),
);

/** A number as a JSON text may have it. */
export const numberText = fc.oneof(
  fc.constantFrom(
    "1e3",
    "1E+3",
    "10e-1",
    "-0",
    "1.0",
    "0.5e1",
    "1e400",
    "9007199254740993",
    "1e-400",
    "-1e2",
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc
    .tuple(fc.integer({ min: -99999, max: 99999 }), fc.nat({ max: 20 }), fc.integer({ min: -12, max: 12 }))
    .map(([digits, zeros, exponent]) => `${digits}.${"0".repeat(zeros + 1)}e${exponent}`),
);

/** Texts that are JSON, in odd spellings, and texts that were. */
export const jsonText: fc.Arbitrary<string> = fc
  .tuple(
    object,
    any,
    fc.record({
      how: fc.constantFrom("sound", "sound", "spaced", "escaped", "spliced", "cut", "byte", "nested", "many"),
      at: fc.nat(),
      length: fc.nat({ max: 45 }),
      literal: literals,
    }),
    fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 5 }),
  )
  .map(([members, other, { how, at, length, literal }, ways]) => {
    const sound = JSON.stringify(how === "spliced" && at % 9 === 0 ? other : members);
    const place = at % (sound.length + 1);
    if (how === "spaced") return utf8(JSON.stringify(members, null, at % 2 === 0 ? "\n\t" : " "));
    if (how === "escaped") return utf8(escaped(sound, ways));
    if (how === "spliced") return utf8(sound.slice(0, place) + literal + sound.slice(place + (length % 4)));
    if (how === "cut") return utf8(sound.slice(0, place));
    if (how === "byte") return withByte(utf8(sound), place, at & 0xff);
    if (how === "nested") return utf8(`{"a":${"[".repeat(length)}${literal}${"]".repeat(length)}}`);
    if (how === "many") return utf8(withMany(length, at));
    return utf8(sound);
  });

function withByte(text: string, at: number, byte: number): string {
  return text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1);
}

/** So many members that their keys are found by hash; now and then one occurs twice. */
function withMany(count: number, at: number): string {
  const names = Array.from(
    { length: count },
    (_, i) => `"k${at % 3 === 0 && i === count - 1 ? 0 : i}":[{},[]]`,
  );
  return ` {\r\n${names.join(" ,")}}`;
}
