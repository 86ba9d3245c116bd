import { Tally } from "../tally.ts";

/**
 * Holds what has arrived until the test lets it go: a delay without time.
 *
 * @category Program the upstream
 */
export class Gate implements Disposable {
  private readonly arrivals = new Tally();
  private readonly opening: PromiseWithResolvers<void> = Promise.withResolvers();

  /** How many requests have come to it. */
  get count(): number {
    return this.arrivals.count;
  }

  /** Resolves as soon as so many requests have come to it. */
  arrived(count = 1): Promise<void> {
    return this.arrivals.reached(count);
  }

  /** Lets everything go on that waits, and what comes later. */
  release(): void {
    this.opening.resolve();
  }

  /** As `release`: `using gate = upstream.hold()`. */
  [Symbol.dispose](): void {
    this.release();
  }

  /** Called for each request. @internal */
  pass(): Promise<void> {
    this.arrivals.raiseTo(this.arrivals.count + 1);
    return this.opening.promise;
  }
}
