import { monotonicTimeNanos, SeededRandom } from "as-proxy-wasm";
import { Claim } from "./claim";
import { Finding } from "./finding";
import { Inquiry } from "../service/inquiry";
import { RefusedKeys } from "../service/refused-keys";

/**
 * What all rules together say of a request. Those that this proxy counts all look first, so that a request which one of
 * them refuses takes nothing from the others; then each takes. Only where another worker was faster in between, or a
 * service refuses, is something given back. Services are asked one after the other: to ask is to take.
 */
export class Admission {
  /** What each rule that this proxy counts and that speaks of the request has to say. */
  readonly claims: Claim[] = [];
  /** What each rule that a service counts and that speaks of the request has to ask. */
  readonly inquiries: Inquiry[] = [];
  /** Those that have said what they have to say, in their order. */
  readonly findings: Finding[] = [];
  /** What the request is refused for, of several that with the longest wait; null when it is admitted. */
  refusedFor: Finding | null = null;

  /** Takes from all rules that this proxy counts, or from none, and counts what came of it. */
  decide(draws: SeededRandom): void {
    const claims = this.claims;
    for (let i = 0; i < claims.length; i++) this.judge(claims[i], draws);
    for (let i = 0; i < claims.length && this.refusedFor === null; i++) {
      if (claims[i].take()) continue;
      this.judge(claims[i], draws);
    }
    if (this.refusedFor !== null) this.giveBack();
    for (let i = 0; i < claims.length; i++) this.conclude(claims[i]);
  }

  /** Goes on until a service has to be asked, which it returns; null when all is decided. */
  next(draws: SeededRandom, refused: RefusedKeys): Inquiry | null {
    while (this.refusedFor === null && this.inquiries.length > 0) {
      const inquiry = this.inquiries[0];
      if (!inquiry.isAnswered) inquiry.recall(refused);
      if (!inquiry.isAnswered) return inquiry;
      this.inquiries.shift();
      this.judge(inquiry, draws);
      this.conclude(inquiry);
      if (this.refusedFor !== null) this.giveBack();
    }
    return null;
  }

  /** Gives back what was taken: something else has refused the request. */
  private giveBack(): void {
    const now = monotonicTimeNanos();
    for (let i = 0; i < this.claims.length; i++) this.claims[i].giveBack(now);
  }

  private conclude(finding: Finding): void {
    finding.count();
    this.findings.push(finding);
  }

  private judge(finding: Finding, draws: SeededRandom): void {
    if (!finding.judge(draws)) return;
    const before = this.refusedFor;
    if (before === null || finding.growsInNanos > before.growsInNanos) this.refusedFor = finding;
  }
}
