import fc from "fast-check";
import { all, utf8 } from "./bytes.ts";
import { hostile } from "./hostile.ts";
import { type Json, type JsonObject, writtenJson } from "./json-model.ts";
import { packed } from "./packed.ts";
import { operation } from "./steps.ts";
import { bytesField, varint } from "./wire-format.ts";

const longestVarint = 10;

/** A JSON object as a google.protobuf.Struct. */
export function struct(object: JsonObject): string {
  return Object.entries(object)
    .map(([key, value]) => bytesField(1, bytesField(1, utf8(key)) + bytesField(2, valueMessage(value))))
    .join("");
}

function valueMessage(value: Json): string {
  if (value === null) return "\x08\0";
  if (typeof value === "boolean") return `\x20${value ? "\x01" : "\0"}`;
  if (typeof value === "string") return bytesField(3, utf8(value));
  if (typeof value === "number")
    return `\x11${Buffer.from(new Float64Array([value]).buffer).toString("latin1")}`;
  if (Array.isArray(value))
    return bytesField(6, value.map((each: Json) => bytesField(1, valueMessage(each))).join(""));
  return bytesField(5, struct(value as JsonObject));
}

/** A message of any fields, of which some are cut off, too long, or of no type that there is. */
const message: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc
        .tuple(fc.nat({ max: 40 }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
        .map(([field, value]) => varint(BigInt(field * 8)) + varint(value)),
      fc.tuple(fc.nat({ max: 40 }), hostile).map(([field, bytes]) => bytesField(field, bytes)),
      fc
        .tuple(fc.constantFrom(1, 5), fc.nat({ max: 9 }))
        .map(([type, length]) => varint(BigInt(16 + type)) + "\x81".repeat(length)),
      fc
        .tuple(fc.nat({ max: 7 }), fc.bigInt({ min: 0n, max: 2n ** 70n }))
        .map(([type, length]) => varint(BigInt(8 + type)) + varint(length)),
      hostile,
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(""));

const key = fc.oneof(
  fc.constantFrom("text", "number", "words", "on"),
  fc.string({ unit: "binary", maxLength: 3 }),
);
const { settings } = fc.letrec<{ value: Json; settings: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    fc.constantFrom<Json>(null, true, false, 0, -7, 5, 2 ** 53 - 1, -(2 ** 53)),
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("settings"),
  ),
  settings: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
}));

const numberless = (json: Json): boolean => !/\d{16}/.test(JSON.stringify(json));

/** A route's metadata for a namespace, beside that of another. */
export const metadata = fc
  .tuple(fc.constantFrom("told", "other"), settings.filter(numberless), fc.boolean())
  .map(([namespace, json, isSecond]) => {
    const entry = (name: string, bytes: string) => bytesField(1, bytesField(1, name) + bytesField(2, bytes));
    const other = isSecond ? entry("envoy.lb", struct({ canary: true })) + "\x1a\0" : "";
    return { namespace, json, bytes: other + entry(namespace, struct(json)) };
  });

/** The same, with a byte in it that is another, or without its end. */
export const damagedMetadata = fc
  .tuple(metadata, fc.nat(), fc.nat({ max: 255 }), fc.boolean())
  .map(([{ bytes }, at, byte, isCut]) => {
    const place = at % (bytes.length + 1);
    return isCut
      ? bytes.slice(0, place)
      : bytes.slice(0, place) + String.fromCharCode(byte) + bytes.slice(place + 1);
  });

const soundMetadata = metadata.map(({ namespace, json, bytes }) => {
  const model = namespace === "told" ? writtenJson(json) : "null";
  return [bytes, "told", { model }] as const;
});

// A table: one line an operation.
// prettier-ignore
export const protobufOperations = [
  operation("Reading.Protobuf", fc.tuple(message), ([bytes]) => fieldsOf(bytes)),
  packed,
  operation("Reading.Metadata", fc.oneof(soundMetadata, damagedMetadata.map((bytes) => [bytes, "told", { model: "" }] as const)), ([, , { model }]) => model || null),
];

/** The fields that a message has, as far as it is one. */
function fieldsOf(bytes: string): string {
  const found: string[] = [];
  let at = 0;
  const number = (): bigint | null => {
    let value = 0n;
    for (let i = 0; i < longestVarint && at < bytes.length; i++) {
      const byte = bytes.charCodeAt(at++);
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    return null;
  };
  const take = (length: bigint | null): string | null => {
    if (length === null || length > BigInt(bytes.length - at)) return null;
    at += Number(length);
    return bytes.slice(at - Number(length), at);
  };
  const fixed = (length: bigint): bigint | null => {
    const taken = take(length);
    return taken === null
      ? null
      : BigInt(`0x${Buffer.from(taken, "latin1").reverse().toString("hex") || "0"}`);
  };
  while (at < bytes.length) {
    const tag = number();
    const field = tag === null || tag >= 2n ** 32n ? 0n : tag >> 3n;
    const type = Number((tag ?? 7n) & 7n);
    const value =
      type === 0 ? number() : type === 1 ? fixed(8n) : type === 5 ? fixed(4n) : type === 2 ? 0n : null;
    const content = type === 2 ? take(number()) : "";
    if (field === 0n || value === null || content === null) return all([...found, "malformed"]);
    found.push(String(field), String(BigInt.asIntN(64, value)), content);
  }
  return all([...found, "whole"]);
}
