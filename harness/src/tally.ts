interface Waiter {
  readonly count: number;
  readonly resolve: () => void;
}

/** A number that only grows, and that can be waited for: what takes the place of polling. */
export class Tally {
  private current = 0;
  private waiting: Waiter[] = [];

  get count(): number {
    return this.current;
  }

  /** Resolves as soon as the count is at least so high. */
  reached(count: number): Promise<void> {
    if (this.current >= count) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ count, resolve }));
  }

  raiseTo(count: number): void {
    if (count <= this.current) return;
    this.current = count;
    const due = this.waiting.filter((waiter) => waiter.count <= count);
    this.waiting = this.waiting.filter((waiter) => waiter.count > count);
    for (const { resolve } of due) resolve();
  }
}
