import fc from "fast-check";
import { hostilePieces } from "../traffic.ts";

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

const piece = fc.oneof(
  fc.constantFrom(...hostilePieces.map(latin1)),
  fc.uint8Array({ maxLength: 12 }).map(latin1),
  fc.string({ unit: fc.constantFrom("a", "b", "A", "B", " ", "\t"), maxLength: 20 }),
  fc.constantFrom("[", "@", "`", "{", "Z", "z", "0", "9", "65", "-1"),
);

/** Bytes, one character each, that comparisons, decoders and parsers stumble over; most are short. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.array(piece, { maxLength: 5 }).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.tuple(piece, fc.nat({ max: 200 })).map(([each, times]) => each.repeat(times)) },
);

/** Two runs of bytes that are the same, or nearly. */
export const alike: fc.Arbitrary<[string, string]> = fc
  .tuple(
    hostile,
    hostile,
    fc.nat(),
    fc.constantFrom("same", "other", "part", "case", "byte", "longer", "end"),
  )
  .map(([first, second, at, how]) => [first, changed(first, second, at, how)]);

function changed(first: string, second: string, at: number, how: string): string {
  const place = first.length === 0 ? 0 : at % first.length;
  switch (how) {
    case "same":
      return first;
    case "part":
      return first.slice(place, place + (at % 5));
    case "case":
      return first.replace(/[A-Za-z@[`{]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) ^ 0x20));
    case "byte":
      return first.slice(0, place) + String.fromCharCode(at & 0xff) + first.slice(place + 1);
    case "longer":
      return first + second;
    case "end":
      return first.slice(place);
    default:
      return second;
  }
}

/** Places in and around some bytes. */
export const place: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -2, max: 30 }),
  fc.constantFrom(0x7fffffff, -0x80000000, 0x40000000, -1),
);

const name = fc.oneof(
  fc.constantFrom("x-a", "X-A", "x-b", "content-length", ":path", ":method", ":status", "cookie"),
  fc.stringMatching(/^:?[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/),
);
/** Names that mostly are header names, and values that mostly are header values. */
export const fieldName = fc.oneof({ weight: 6, arbitrary: name }, { weight: 1, arbitrary: hostile });
export const fieldValue = fc.oneof(
  { weight: 2, arbitrary: hostile.map((value) => value.replace(/[\0\r\n]/g, "")) },
  { weight: 1, arbitrary: hostile },
  { weight: 1, arbitrary: fc.constantFrom("0", "5", "12", "99999999999999999999", "-1", "5 ", "v") },
);

/** Fields as a host has them: names in lower case, any values. */
export const hostFields = fc.array(
  fc.tuple(
    name.map((each) => each.toLowerCase()),
    hostile.map((value) => value.replace(/\0/g, "")),
  ),
  { maxLength: 8 },
);

/** Names and values by turns, as a filter writes them. */
export const written = fc
  .array(fc.tuple(fieldName, fieldValue), { maxLength: 5 })
  .map((fields) => ({ list: fields.flat() }));
