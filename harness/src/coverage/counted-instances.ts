/** The counters of all instances of one module. */
export class CountedInstances {
  private readonly counted: Float64Array;
  /** The memories of those that can still count, each with the proxy that it belongs to. */
  private readonly running = new Map<WebAssembly.Memory, WeakRef<object>>();

  constructor(length: number) {
    this.counted = new Float64Array(length);
  }

  get isRunning(): boolean {
    return this.running.size > 0;
  }

  /** Takes over what an instance counts, and lets go of those of proxies that nobody has ended and nobody has any more. */
  watch(memory: WebAssembly.Memory, owner: object): void {
    this.letGo((known) => known === undefined);
    this.running.set(memory, new WeakRef(owner));
  }

  /** The instances of a proxy are let go of, and what they have counted stays. */
  end(owner: object): void {
    this.letGo((known) => known === owner);
  }

  /** Exact up to 2^53. */
  totals(): Float64Array {
    for (const memory of this.running.keys()) this.take(memory);
    return this.counted;
  }

  reset(): void {
    this.totals().fill(0);
  }

  private letGo(isOver: (owner: object | undefined) => boolean): void {
    for (const [memory, owner] of this.running) {
      if (!isOver(owner.deref())) continue;
      this.take(memory);
      this.running.delete(memory);
    }
  }

  private take(memory: WebAssembly.Memory): void {
    const counters = new BigUint64Array(memory.buffer, 0, this.counted.length);
    for (const [i, count] of counters.entries()) this.counted[i] = (this.counted[i] ?? 0) + Number(count);
    counters.fill(0n);
  }
}
