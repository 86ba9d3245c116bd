/**
 * Counters and gauges by their names, as changes since the test began. The filters' own have the names that they
 * were defined with; Envoy's `wasmcustom.` is left out.
 */
export class Stats {
  private readonly now: ReadonlyMap<string, bigint>;
  private readonly before: ReadonlyMap<string, bigint>;

  constructor(now: ReadonlyMap<string, bigint>, before: ReadonlyMap<string, bigint> = new Map()) {
    this.now = now;
    this.before = before;
  }

  /** How much a counter or gauge changed, or null when there is none of that name. */
  get(name: string): number | null {
    const value = this.now.get(name);
    return value === undefined ? null : Number(value - (this.before.get(name) ?? 0n));
  }

  /** Every name that there is, sorted. */
  names(): string[] {
    return [...this.now.keys()].sort();
  }

  /** Those that changed, for messages and comparisons. */
  changed(): Record<string, number> {
    const changes = this.names().map((name) => [name, this.get(name) ?? 0] as const);
    return Object.fromEntries(changes.filter(([, change]) => change !== 0));
  }
}
