import { judge, listed, type Judgement } from "./judgement.ts";

type Equals = (seen: unknown, wanted: unknown) => boolean;

/** Things that are compared by a part of them: what they are called, and how one is shown in a line. */
export interface Kind<T> {
  readonly noun: string;
  readonly shown: (item: T) => string;
  /** As `toEqual` compares, `expect.stringMatching` and its like included. */
  readonly equals: Equals;
}

/** Whether one of the items has all that is wanted of it; on failure the one that has most of it is held against it. */
export function hasOneWith<T extends object>(
  items: readonly T[],
  wanted: object,
  { noun, shown, equals }: Kind<T>,
): Judgement {
  const compared = items.map((item) => ({ item, differences: differencesBy(equals)(item, wanted, "") }));
  const found = compared.find((one) => one.differences.length === 0);
  const all = (): string => listed(items.map(shown), "none");
  return judge(found !== undefined, `${noun} with ${textOf(wanted)}`, () => {
    if (found !== undefined) return `there is ${shown(found.item)}; all of them:\n${all()}`;
    const [nearest] = compared.toSorted((a, b) => a.differences.length - b.differences.length);
    if (nearest === undefined) return "there is none at all";
    const differs = listed(nearest.differences, "");
    return `the nearest of ${items.length}, ${shown(nearest.item)}, differs:\n${differs}\nall of them:\n${all()}`;
  });
}

/** A line for each part in which something is not as it is wanted. */
function differencesBy(equals: Equals): (seen: unknown, wanted: unknown, path: string) => string[] {
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

function textOf(value: unknown): string {
  if (isMatcher(value)) return String(value);
  return (
    JSON.stringify(value, (_, inner: unknown) => (isMatcher(inner) ? String(inner) : inner)) ?? "not there"
  );
}

function isMatcher(value: unknown): boolean {
  return typeof value === "object" && value !== null && "asymmetricMatch" in value;
}
