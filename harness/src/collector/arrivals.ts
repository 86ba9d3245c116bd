import { Tally } from "../tally.ts";

/** Things that arrive by and by, under keys, and that can be waited for. */
export class Arrivals<T> {
  private readonly byKey = new Map<string, T[]>();
  private readonly all = new Tally();

  add(key: string, item: T): void {
    const known = this.byKey.get(key);
    if (known === undefined) this.byKey.set(key, [item]);
    else known.push(item);
    this.all.raiseTo(this.all.count + 1);
  }

  /** What has arrived under a key, in that order. */
  of(key: string): readonly T[] {
    return this.byKey.get(key) ?? [];
  }

  /** Forgets what has arrived. */
  clear(): void {
    this.byKey.clear();
  }

  /** Resolves as soon as the condition holds, which only an arrival can change. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.all.reached(this.all.count + 1);
  }
}
