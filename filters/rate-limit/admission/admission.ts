import { monotonicTimeNanos } from "as-proxy-wasm";
import { Claim } from "./claim";
import { Draws } from "../fraction";

/**
 * What all rules together say of a request. All of them look first, so that a request which one of them refuses takes
 * nothing from the others; then each takes. Only where another worker was faster in between is something given back.
 */
export class Admission {
  /** What each rule that speaks of the request has to say. */
  readonly claims: Claim[] = [];
  /** What the request is refused for, of several that with the longest wait; null when it is admitted. */
  refusedFor: Claim | null = null;

  /** Takes from all rules, or from none, and counts what came of it. */
  decide(draws: Draws): void {
    const claims = this.claims;
    for (let i = 0; i < claims.length; i++) this.judge(claims[i], draws);
    for (let i = 0; i < claims.length && this.refusedFor === null; i++) {
      if (claims[i].take()) continue;
      this.judge(claims[i], draws);
    }
    if (this.refusedFor !== null) this.giveBack();
    for (let i = 0; i < claims.length; i++) claims[i].count();
  }

  /** Gives back what was taken: something else has refused the request. */
  giveBack(): void {
    const now = monotonicTimeNanos();
    for (let i = 0; i < this.claims.length; i++) this.claims[i].giveBack(now);
  }

  private judge(claim: Claim, draws: Draws): void {
    if (!claim.judge(draws)) return;
    const before = this.refusedFor;
    if (before === null || claim.growsInNanos > before.growsInNanos) this.refusedFor = claim;
  }
}
