import type { Cutting } from "./cutting.ts";
import { randomFrom, someOf } from "./random.ts";
import { Space, type Kind } from "./space.ts";

/**
 * How many ways to cut of one kind were tried.
 *
 * @category Write tests
 */
export interface TriedSplits {
  /** `all splits`, `single cuts`, `a sample`. */
  readonly kind: string;
  /** How many were tried. */
  readonly tried: number;
  /** How many there are; `Infinity` for a sample. */
  readonly total: number;
}

/** Some of one kind. */
interface Chosen extends TriedSplits {
  readonly cuttings: readonly Cutting[];
}

/** What to choose, and where from. */
interface Choice {
  readonly maxRuns: number;
  readonly seed: number;
  readonly canEnd: boolean;
}

const mostInner = 20;

/** All ways to cut if they are few enough; else as many as allowed, of each kind, the fewest cuts first. */
export function chosenOf(lengths: readonly number[], { maxRuns, seed, canEnd }: Choice): Chosen[] {
  const space = new Space(lengths, { canEnd });
  const random = randomFrom(seed);
  const { empties } = space;
  const all = space.inner > mostInner ? Infinity : 2 ** space.inner * space.ends;
  if (all + empties.total <= maxRuns)
    return [take(space.subsets, Infinity, random), take(empties, Infinity, random)];
  let left = maxRuns;
  const upTo = (kind: Kind, share: number): Chosen => {
    const chosen = take(kind, Math.floor(left * share), random);
    left -= chosen.tried;
    return chosen;
  };
  const whole = upTo(space.whole, 1);
  const bytes = upTo(space.bytes, 1);
  const singles = upTo(space.singles, 3 / 4);
  const few = [whole, singles, upTo(empties, 1 / 3), upTo(space.pairs, 1 / 2)];
  const sample = { ...take(space.sample(left, random), left, random), total: Infinity };
  return [...few, bytes, ...(sample.tried === 0 ? [] : [sample])];
}

function take(kind: Kind, most: number, random: () => number): Chosen {
  const numbers = someOf(kind.total, Math.min(kind.total, most), random);
  const cuttings = numbers.map((number) => kind.at(number));
  return { kind: kind.name, tried: cuttings.length, total: kind.total, cuttings };
}
