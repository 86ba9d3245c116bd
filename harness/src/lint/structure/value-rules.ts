import type { Duration } from "@bufbuild/protobuf/wkt";
import { KnownRegex } from "../../../api/validate/validate_pb.js";

/** The rules of one scalar, whichever its type; each is undefined or a default where it is not set. */
export interface ValueRules {
  readonly const?: unknown;
  readonly lt?: Bound;
  readonly lte?: Bound;
  readonly gt?: Bound;
  readonly gte?: Bound;
  readonly in?: readonly unknown[];
  readonly notIn?: readonly unknown[];
  readonly minLen?: bigint;
  readonly maxLen?: bigint;
  readonly minBytes?: bigint;
  readonly maxBytes?: bigint;
  readonly pattern?: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly strict?: boolean;
  readonly ignoreEmpty?: boolean;
  readonly definedOnly?: boolean;
  readonly wellKnown?: { readonly case?: string | undefined; readonly value?: unknown };
}

type Bound = number | bigint | Duration;
type Value = string | number | boolean;

/** What a value breaks, each as the second half of a sentence: `must be greater than 0s`. */
export function brokenRules(kind: string, all: ValueRules, value: Value): string[] {
  const rules = { ...all }; // only what is set: the defaults of proto2 stand on the prototype
  if (rules.ignoreEmpty === true && (value === "" || value === 0)) return [];
  if (kind === "enum") return brokenEnum(rules, value);
  if (typeof value === "number") return brokenNumber(rules, value, kind === "duration" ? "s" : "");
  if (typeof value === "string")
    return kind === "bytes" ? brokenBytes(rules, value) : brokenText(rules, value);
  return "const" in rules && value !== rules.const ? [`must be ${String(rules.const)}`] : [];
}

/** An enum's value is its name where it has one, and a number only where it has none. */
function brokenEnum({ definedOnly, notIn = [] }: ValueRules, value: Value): string[] {
  if (definedOnly === true && typeof value === "number") return [`has no value ${value}`];
  return notIn.includes(value) ? [`must not be ${String(value)}`] : [];
}

const comparisons = [
  ["gt", "greater than", (value: number, bound: number) => value > bound],
  ["gte", "at least", (value: number, bound: number) => value >= bound],
  ["lt", "less than", (value: number, bound: number) => value < bound],
  ["lte", "at most", (value: number, bound: number) => value <= bound],
] as const;

function brokenNumber(rules: ValueRules, value: number, unit: string): string[] {
  const broken = comparisons.flatMap(([key, words, holds]) => {
    const bound = rules[key];
    if (bound === undefined || holds(value, numberOf(bound))) return [];
    return [`must be ${words} ${numberOf(bound)}${unit}, and is ${value}${unit}`];
  });
  return [...broken, ...brokenChoice(rules, value)];
}

function numberOf(bound: Bound): number {
  return typeof bound === "object" ? Number(bound.seconds) + bound.nanos / 1e9 : Number(bound);
}

function brokenChoice({ in: allowed = [], notIn = [] }: ValueRules, value: Value): string[] {
  if (allowed.length > 0 && !allowed.includes(value))
    return [`must be one of ${allowed.map(quoted).join(", ")}`];
  return notIn.includes(value) ? [`must not be ${quoted(value)}`] : [];
}

function quoted(value: unknown): string {
  return JSON.stringify(typeof value === "bigint" ? Number(value) : value);
}

function brokenText(rules: ValueRules, value: string): string[] {
  return [
    ...brokenLength(rules, [...value].length, "character"),
    ...brokenByteLength(rules, Buffer.byteLength(value)),
    ...brokenPattern(rules, value),
    ...brokenChoice(rules, value),
  ];
}

function brokenBytes(rules: ValueRules, base64: string): string[] {
  return brokenLength(rules, Buffer.from(base64, "base64").length, "byte");
}

function brokenLength({ minLen, maxLen }: ValueRules, length: number, noun: string): string[] {
  if (minLen !== undefined && length < Number(minLen))
    return [length === 0 ? "must not be empty" : `needs at least ${minLen} ${noun}s, and has ${length}`];
  if (maxLen === undefined || length <= Number(maxLen)) return [];
  return [`takes at most ${maxLen} ${noun}s, and has ${length}`];
}

function brokenByteLength({ minBytes, maxBytes }: ValueRules, length: number): string[] {
  if (minBytes !== undefined && length < Number(minBytes)) return [`needs at least ${minBytes} bytes`];
  return maxBytes !== undefined && length > Number(maxBytes)
    ? [`takes at most ${maxBytes} bytes, and has ${length}`]
    : [];
}

function brokenPattern(rules: ValueRules, value: string): string[] {
  const { pattern, prefix = "", suffix = "", wellKnown } = rules;
  if (pattern !== undefined && !matches(pattern, value)) return [`must match ${pattern}`];
  if (!value.startsWith(prefix)) return [`must begin with ${JSON.stringify(prefix)}`];
  if (!value.endsWith(suffix)) return [`must end with ${JSON.stringify(suffix)}`];
  if (wellKnown?.case !== "wellKnownRegex") return [];
  const [regex, words] = headerRules(wellKnown.value === KnownRegex.HTTP_HEADER_NAME, rules.strict !== false);
  return regex.test(value) ? [] : [words];
}

/** As in the rules of protoc-gen-validate: not strict forbids only what would end a line. */
function headerRules(isName: boolean, isStrict: boolean): readonly [RegExp, string] {
  if (!isStrict) return [/^[^\0\r\n]*$/, "must not have a NUL, CR or LF in it"];
  if (isName) return [/^:?[0-9a-zA-Z!#$%&'*+\-.^_|~`]+$/, "is no name of a header"];
  return [/^[^\0-\x08\n-\x1f\x7f]*$/, "has control characters, which a header's value cannot have"];
}

/** RE2 and JavaScript agree on the patterns of Envoy's API. */
function matches(pattern: string, value: string): boolean {
  return new RegExp(pattern, "u").test(value);
}
