/**
 * What came, in its order; of much that came, the newest.
 *
 * @category Read what happened
 */
export interface Kept<T> extends ReadonlyArray<T> {
  /** How many of the oldest are not kept. */
  readonly omitted: number;
}

/**
 * As `Kept`, while more comes.
 *
 * @category Read what happened
 */
export interface Growing<T> extends Array<T> {
  /** How many of the oldest are not kept any more. */
  omitted: number;
}

/** A list that knows how many came before it; that is not enumerable, so that it is compared as an array. */
export function growing<T>(items: readonly T[] = [], omitted = 0): Growing<T> {
  return Object.defineProperty([...items], "omitted", { value: omitted, writable: true }) as Growing<T>;
}

/** Lets go of the oldest once a list has twice as many as are kept for sure; how many those are. */
export function letGo(list: Growing<unknown>, keptForSure: number): number {
  if (list.length < 2 * keptForSure) return 0;
  const extra = list.length - keptForSure;
  list.splice(0, extra);
  list.omitted += extra;
  return extra;
}

/** How many requests or calls a service of a test keeps for sure. */
const receivedForSure = 10_000;

/** Adds to what a service has received. That not all of it is kept is said once, by a warning. */
export function receive<T>(received: Growing<T>, item: T, name: string): void {
  received.push(item);
  const isFirst = received.omitted === 0;
  if (letGo(received, receivedForSure) === 0 || !isFirst) return;
  process.emitWarning(
    `${name} has let go of its oldest: it has the newest ${receivedForSure} from now on, and up to twice as many; ` +
      `${name}.omitted is how many it has not`,
  );
}

/** How many of the oldest a list, or a part of one, does not have. */
export function omittedFrom(items: readonly unknown[]): number {
  return "omitted" in items && typeof items.omitted === "number" ? items.omitted : 0;
}

/** All that came after what was there before, as far as it is kept. */
export function since<T>(items: readonly T[], before: readonly T[]): Kept<T> {
  const lost = omittedFrom(items) - totalOf(before);
  return growing(items.slice(Math.max(0, -lost)), Math.max(0, lost));
}

/** The first of those, or undefined when there is none. */
export function firstSince<T>(items: readonly T[], before: readonly T[]): T | undefined {
  return items[Math.max(0, totalOf(before) - omittedFrom(items))];
}

/** How many there were, kept or not. */
export function totalOf(items: readonly unknown[]): number {
  return items.length + omittedFrom(items);
}
