import type { Cutting, Position } from "./cutting.ts";

/** Cuttings of one kind, any of which can be had by its number. */
export interface Kind {
  readonly name: string;
  readonly total: number;
  at(number: number): Cutting;
}

/** All ways to cut bodies of these lengths. */
export class Space {
  /** How many places there are inside of bodies. */
  readonly inner: number;
  private readonly lengths: readonly number[];
  private readonly endings: ReadonlyArray<readonly boolean[]>;

  /** Where ends cannot be chosen, as in a real Envoy, they are alone, and no chunk is empty. */
  constructor(lengths: readonly number[], { canEnd }: { readonly canEnd: boolean }) {
    this.lengths = lengths;
    this.inner = lengths.reduce((sum, length) => sum + Math.max(0, length - 1), 0);
    this.endings = canEnd ? endingsOf(lengths.length) : [lengths.map(() => true)];
  }

  /** How often each way to cut is there: once for each place of the ends. */
  get ends(): number {
    return this.endings.length;
  }

  get whole(): Kind {
    return this.kind("uncut", 1, () => []);
  }

  /** Those of fewer cuts come first. */
  get subsets(): Kind {
    const masks = Array.from({ length: 2 ** this.inner }, (_, mask) => mask);
    masks.sort((a, b) => ones(a) - ones(b) || a - b);
    return this.kind("all splits", masks.length, (i) => this.innerAt(bitsOf(masks[i] ?? 0)));
  }

  get singles(): Kind {
    return this.kind("single cuts", this.inner, (i) => this.innerAt([i]));
  }

  get pairs(): Kind {
    return this.kind("pairs of cuts", (this.inner * (this.inner - 1)) / 2, (i) => this.innerAt(pairAt(i)));
  }

  get bytes(): Kind {
    return this.kind("each byte by itself", this.inner > 1 ? 1 : 0, () =>
      this.innerAt(Array.from({ length: this.inner }, (_, i) => i)),
    );
  }

  /** One empty chunk, at each place: first, last, or between two chunks. */
  get empties(): Kind {
    const all = this.lengths.reduce((sum, length) => sum + length + 1, 0);
    const isSplit = (at: number, length: number): boolean => at > 0 && at < length;
    return this.kind("an empty chunk", this.ends === 1 ? 0 : all, (i) => {
      const place = placeIn(
        this.lengths.map((length) => length + 1),
        i,
      );
      return isSplit(place.at, this.lengths[place.body] ?? 0) ? [place, place] : [place];
    });
  }

  /** Any cuts, few more often than many, one of them now and then around an empty chunk. */
  sample(total: number, random: () => number): Kind {
    return this.kind("a sample", this.inner === 0 ? 0 : total, () => {
      const count = 1 + Math.floor(this.inner * random() ** 4);
      const chosen = new Set(Array.from({ length: count }, () => Math.floor(random() * this.inner)));
      const cuts = this.innerAt([...chosen].sort((a, b) => a - b));
      return this.ends > 1 && random() < 0.25 ? [...cuts, ...cuts.slice(0, 1)] : cuts;
    });
  }

  private kind(name: string, count: number, cutsAt: (i: number) => readonly Position[]): Kind {
    const { endings } = this;
    return {
      name,
      total: count * endings.length,
      at: (i) => ({
        cuts: cutsAt(Math.floor(i / endings.length)),
        endsAlone: endings[i % endings.length] ?? [],
      }),
    };
  }

  private innerAt(numbers: readonly number[]): Position[] {
    const inside = this.lengths.map((length) => Math.max(0, length - 1));
    return numbers.map((number) => {
      const { body, at } = placeIn(inside, number);
      return { body, at: at + 1 };
    });
  }
}

const mostBodiesByThemselves = 3;

/** All alone comes first. Of many bodies all end alike. */
function endingsOf(bodies: number): boolean[][] {
  const all = (endsAlone: boolean): boolean[] => Array.from({ length: bodies }, () => endsAlone);
  if (bodies > mostBodiesByThemselves) return [all(true), all(false)];
  return Array.from({ length: 2 ** bodies }, (_, mask) => all(true).map((_, i) => ((mask >> i) & 1) === 0));
}

/** The place with this number, where bodies have so many places. */
function placeIn(places: readonly number[], number: number): Position {
  let at = number;
  for (const [body, count] of places.entries()) {
    if (at < count) return { body, at };
    at -= count;
  }
  return { body: 0, at: 0 };
}

function pairAt(number: number): [number, number] {
  let higher = Math.floor((1 + Math.sqrt(1 + 8 * number)) / 2);
  while ((higher * (higher - 1)) / 2 > number) higher--;
  while ((higher * (higher + 1)) / 2 <= number) higher++;
  return [number - (higher * (higher - 1)) / 2, higher];
}

function bitsOf(mask: number): number[] {
  return Array.from({ length: 32 }, (_, i) => i).filter((i) => ((mask >>> i) & 1) === 1);
}

function ones(mask: number): number {
  return bitsOf(mask).length;
}
