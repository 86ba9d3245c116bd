import { omittedFrom } from "../../kept.ts";
import { nearest } from "../../nearest.ts";
import { judge, judgeNone, judgeUnsure, listed, type Judgement } from "./judgement.ts";

type Equals = (seen: unknown, wanted: unknown) => boolean;

/** Things that are compared by a part of them: what they are called, and how one is shown in a line. */
export interface Kind<T> {
  readonly noun: string;
  readonly nouns: string;
  readonly shown: (item: T) => string;
  /** As `toEqual` compares, `expect.stringMatching` and its like included. */
  readonly equals: Equals;
  /** Of the matcher, which is then named in what to say instead. */
  readonly negated: string | null;
}

/** Whether one of the items has all that is wanted of it; on failure the one that has most of it is held against it. */
export function hasOneWith<T extends object>(
  items: readonly T[],
  wanted: object,
  { noun, nouns, shown, equals, negated }: Kind<T>,
): Judgement {
  const what = `${noun} with ${textOf(wanted)}`;
  const mistyped = negated === null ? null : mistypedPart(items, wanted);
  if (mistyped !== null) {
    const { path, close } = mistyped;
    const absence = `${negated} with ${path}: expect.anything()`;
    return judgeNone(what, `nothing has ${path}: did you mean ${close}?`, absence);
  }
  const compared = items.map((item) => ({ item, differences: differencesBy(equals)(item, wanted, "") }));
  const found = compared.find((one) => one.differences.length === 0);
  const omitted = omittedFrom(items);
  if (found === undefined && negated !== null && omitted > 0) return judgeUnsure(what, omitted, nouns);
  const all = (): string => listed(items.map(shown), "none");
  return judge(found !== undefined, what, () => {
    if (found !== undefined) return `there is ${shown(found.item)}; all of them:\n${all()}`;
    const [closest] = compared.toSorted((a, b) => a.differences.length - b.differences.length);
    if (closest === undefined) return "there is none at all";
    const differs = listed(closest.differences, "");
    return `the nearest of ${items.length}, ${shown(closest.item)}, differs:\n${differs}\nall of them:\n${all()}`;
  });
}

interface MistypedPart {
  readonly path: string;
  readonly close: string;
}

/**
 * A key of what is wanted inside a part, `attributes` for example, that no item has there, while one is written alike.
 * The parts themselves have names that tsc holds.
 */
function mistypedPart(items: readonly object[], wanted: object): MistypedPart | null {
  for (const [part, keys] of Object.entries(wanted)) {
    if (!isPlain(keys)) continue;
    const seen = new Set(items.flatMap((item) => keysOf((item as Record<string, unknown>)[part])));
    for (const [key, value] of Object.entries(keys)) {
      const close = seen.has(key) || isAnything(value) ? null : nearest(key, seen);
      if (close !== null) return { path: `${part}.${key}`, close };
    }
  }
  return null;
}

function keysOf(value: unknown): string[] {
  return isPlain(value) ? Object.keys(value) : [];
}

function isAnything(value: unknown): boolean {
  return isMatcher(value) && String(value) === "Anything";
}

/** A line for each part in which something is not as it is wanted. */
export function differencesBy(equals: Equals): (seen: unknown, wanted: unknown, path: string) => string[] {
  return function differences(seen, wanted, path): string[] {
    if (!isPlain(wanted) || !isPlain(seen))
      return equals(seen, wanted) ? [] : [`${path} is ${textOf(seen)} and not ${textOf(wanted)}`];
    return Object.entries(wanted).flatMap(([key, value]) =>
      differences(seen[key], value, path === "" ? key : `${path}.${key}`),
    );
  };
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A part that is wanted or seen, in a line. */
export function textOf(value: unknown): string {
  if (isMatcher(value)) return String(value);
  return (
    JSON.stringify(value, (_, inner: unknown) => (isMatcher(inner) ? String(inner) : inner)) ?? "not there"
  );
}

function isMatcher(value: unknown): boolean {
  return typeof value === "object" && value !== null && "asymmetricMatch" in value;
}
