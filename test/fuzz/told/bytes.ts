import fc from "fast-check";
import { decodePairs, encodePairs, isName, isValue, lowerCase } from "../host/fields.ts";
import { alike, fieldName, fieldValue, hostile, hostFields, place } from "./hostile.ts";
import { operation } from "./steps.ts";

export const flag = (value: boolean): string => (value ? "1" : "0");

/** Bytes as a report has several of them. */
export const all = (items: readonly string[]): string =>
  items.map((item) => `${item.length}:${item}`).join("");

/** The first of the bytes of such a report, and the rest of it. */
export function splitFirst(report: string): readonly [first: string, rest: string] {
  const start = report.indexOf(":") + 1;
  const end = start + parseInt(report);
  return [report.slice(start, end), report.slice(end)];
}

export const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const largest = 2n ** 59n - 1n;

const text16 = fc
  .array(fc.oneof(fc.nat({ max: 0xffff }), fc.constantFrom(0xd800, 0xdc00, 0xdbff, 0xdfff, 0x7f, 0x800)), {
    maxLength: 12,
  })
  .map((units) => ({ text: String.fromCharCode(...units) }));

const block = fc.oneof(
  hostFields.map(encodePairs),
  fc
    .tuple(hostFields.map(encodePairs), fc.nat(), fc.nat({ max: 255 }))
    .map(
      ([pairs, at, byte]) =>
        pairs.slice(0, at % pairs.length) + String.fromCharCode(byte) + pairs.slice((at % pairs.length) + 1),
    ),
  fc
    .tuple(hostFields.map(encodePairs), fc.integer({ min: -9, max: 9 }))
    .map(([pairs, by]) => (by < 0 ? pairs.slice(0, by) : pairs + "\0".repeat(by))),
  hostile,
);

/** A needle, behind what has its first and its last byte, in more bytes than a search looks at in one step. */
const nearlyThere = fc
  .tuple(fc.nat({ max: 12 }), fc.constantFrom("abc", "\0.\0", "\xff\x80\xff"))
  .map(([before, needle]) => {
    const near = `${needle.at(0)}~${needle.at(-1)}`;
    return ["-".repeat(before) + near + needle + "-".repeat(24), needle, 0] as const;
  });

const mostBytes = 1 << 24;
const replacement = fc.oneof(
  { weight: 100, arbitrary: fc.tuple(alike, hostile).map(([[a, b], c]) => [a, b, c] as const) },
  { weight: 1, arbitrary: fc.constant(["a".repeat(4_097), "a", "b".repeat(4_096)] as const) },
);

/** What `Bytes` and its kin do, each beside the same in JavaScript. */
// A table: one line an operation.
// prettier-ignore
export const bytesOperations = [
  operation("Bytes.Equals", alike, ([a, b]) => flag(a === b)),
  operation("Bytes.EqualsConstantTime", alike, ([a, b]) => flag(a === b)),
  operation("Bytes.EqualsIgnoreCase", alike, ([a, b]) => flag(lowerCase(a) === lowerCase(b))),
  operation("Bytes.StartsWith", alike, ([a, b]) => flag(a.startsWith(b))),
  operation("Bytes.EndsWith", alike, ([a, b]) => flag(a.endsWith(b))),
  operation("Bytes.IndexOf", fc.oneof(fc.tuple(alike, place).map(([[a, b], from]) => [a, b, from] as const), nearlyThere), ([a, b, from]) => String(a.indexOf(b, from))),
  operation("Bytes.Slice", fc.tuple(hostile, place, place), ([a, from, to]) => a.slice(Math.max(from, 0), Math.max(to, 0))),
  operation("Bytes.Trim", fc.tuple(hostile), ([a]) => a.replace(/^[ \t]+|[ \t]+$/g, "")),
  operation("Bytes.Concat", alike, ([a, b]) => a + b),
  operation("Bytes.At", fc.tuple(hostile, place), ([a, at]) => String(a.charCodeAt(at) || 0)),
  operation("Bytes.HashesAlike", fc.tuple(hostile), () => "1"),
  operation("Bytes.Decode", fc.tuple(hostile), ([a]) => utf8(decoder.decode(Buffer.from(a, "latin1")))),
  operation("Bytes.Encode", fc.tuple(fc.constant(""), text16), ([, { text }]) => utf8(text.toWellFormed())),
  operation("Bytes.FromInteger", fc.tuple(fc.constant(""), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), ([, value]) => String(value)),
  operation("Bytes.WholeNumber", fc.tuple(fc.oneof(hostile, fc.stringMatching(/^[0-9]{0,25}$/))), ([a]) => wholeNumber(a)),
  operation("Bytes.IsHeaderName", fc.tuple(fc.oneof(fieldName, hostile)), ([a]) => flag(isName(a))),
  operation("Bytes.IsHeaderValue", fc.tuple(fieldValue), ([a]) => flag(isValue(a))),
  operation("Bytes.ReplaceEach", replacement, ([a, b, c]) => (b === "" || !a.includes(b) || a.length * c.length > mostBytes ? "null" : `=${a.split(b).join(c)}`)),
  operation("Bytes.Label", fc.tuple(hostile), ([a], _, said) => (unescaped(said) === a ? said : `{label=${a}}`)),
  operation("Bytes.Pairs", fc.tuple(block), ([a]) => pairs(a)),
];

function wholeNumber(digits: string): string {
  if (!/^[0-9]+$/.test(digits)) return "-1";
  return String(BigInt(digits) < largest ? BigInt(digits) : largest);
}

/** The value of a label as Envoy's regular expression finds it, its escapes resolved; null when it finds something else. */
function unescaped(label: string): string | null {
  const value =
    /^\{label=([^{}"\\%]|%[0-9A-F]{2})*\}$/.test(label) && /^[ -~]*$/.test(label) ? label.slice(7, -1) : null;
  return value?.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))) ?? null;
}

function pairs(block: string): string {
  const fields = decodePairs(block);
  if (fields === null) return "malformed";
  const names = [...fields.map(([name]) => lowerCase(name))];
  const indices = [...names.keys()].reverse().map((i) => names.indexOf(names[i] ?? ""));
  return all([...fields.flat(), ...[names.indexOf(""), ...indices, names.indexOf("")].map(String)]);
}
