/**
 * How long a VM has to be there before another one takes its place: at least an interval, and less than half as much
 * again, as Envoy's `JitteredLowerBoundBackOffStrategy` draws it. What is drawn here is the same in every run.
 */
export class ReloadBackoff {
  private readonly leastMs: number;
  private drawn = 1;

  /** A whole number of milliseconds, from 2 on. */
  constructor(leastMs: number) {
    this.leastMs = leastMs;
  }

  nextMs(): number {
    this.drawn = (Math.imul(this.drawn, 1_103_515_245) + 12_345) & 0x7fff_ffff; // as in the C standard's example of rand()
    return this.leastMs + ((this.drawn >>> 8) % Math.floor(this.leastMs / 2));
  }
}
