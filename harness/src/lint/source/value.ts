import type { Place } from "../finding.ts";

/** A configuration as it is written, before anything is known of its types. */
export type Value = MapValue | ListValue | Scalar;

export interface MapValue {
  readonly kind: "map";
  readonly entries: readonly Entry[];
  readonly place: Place | null;
}

export interface Entry {
  readonly key: string;
  readonly keyPlace: Place | null;
  readonly value: Value;
}

export interface ListValue {
  readonly kind: "list";
  readonly items: readonly Value[];
  readonly place: Place | null;
}

export interface Scalar {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** As it is written, for integers beyond what a number holds. */
  readonly text: string;
  readonly place: Place | null;
}

/** What a value is, for messages: `a list`, `the number 5`. */
export function described(value: Value): string {
  if (value.kind === "map") return "a map";
  if (value.kind === "list") return "a list";
  if (value.value === null) return "nothing";
  return typeof value.value === "string"
    ? `the text ${JSON.stringify(shortened(value.value))}`
    : `the ${typeof value.value} ${value.text}`;
}

/** A text that fits into a message. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The value of a key; null when the map has no such key. */
export function valueOf(map: MapValue, key: string): Value | null {
  return map.entries.find((entry) => entry.key === key)?.value ?? null;
}

/** A path with one more key: dots only where the key is a plain name. */
export function pathTo(path: string, key: string): string {
  if (!/^[A-Za-z_]\w*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** The last part of a path, for messages, which stand beside the whole of it: `clusters[0]`. */
export function lastOf(path: string): string {
  return /(?:[^.[\]]+(?:\[[^\]]*\])*|\[\d+\])$/.exec(path)?.[0] ?? path;
}

/** A scalar as YAML needs it inside of a list in one line. */
export function flowText(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : JSON.stringify(text);
}
