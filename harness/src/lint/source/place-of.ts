import type { Place, Spot } from "../finding.ts";
import { pathTo, type Value } from "./value.ts";

const segment = /\[(\d+)\]|\["([^"]*)"\]|([^.[\]]+)/g;

/** Where a path leads in a configuration: as far as it can be followed, for a field that is missing has no place. */
export function placeOf(root: Value, path: string): Place | null {
  let value = root;
  let place = root.place;
  for (const [, index, quoted, name] of path.matchAll(segment)) {
    const next = index === undefined ? entry(value, quoted ?? name ?? "") : item(value, Number(index));
    if (next === null) return place;
    [value, place] = [next.value, next.place];
  }
  return place;
}

interface Step {
  readonly value: Value;
  readonly place: Place | null;
}

function item(value: Value, index: number): Step | null {
  const found = value.kind === "list" ? value.items[index] : undefined;
  return found === undefined ? null : { value: found, place: found.place };
}

function entry(value: Value, name: string): Step | null {
  const entries = value.kind === "map" ? value.entries : [];
  const found = entries.find(({ key }) => key === name) ?? entries.find(({ key }) => snake(key) === name);
  return found === undefined ? null : { value: found.value, place: found.keyPlace };
}

/** `statPrefix` as `stat_prefix` */
export function snake(name: string): string {
  return name.replace(/(?<=[a-z0-9])([A-Z])/g, "_$1").toLowerCase();
}

/** Where a text is a value; null when it is none, or several. */
export function spotOfOnly(root: Value, text: string): Spot | null {
  const [first, second] = spotsOf(root, text, "");
  return second === undefined ? (first ?? null) : null;
}

function* spotsOf(value: Value, text: string, path: string): Generator<Spot> {
  if (value.kind === "scalar") {
    if (value.text === text) yield { path, place: value.place };
  } else if (value.kind === "list") {
    for (const [i, item] of value.items.entries()) yield* spotsOf(item, text, `${path}[${i}]`);
  } else {
    for (const { key, value: inner } of value.entries) yield* spotsOf(inner, text, pathTo(path, key));
  }
}
