import { Comparison, JwtClaims, Look, RequestFacts, Truth, ValueCondition } from "as-proxy-wasm";
import { authzFacts } from "../facts";
import { ClaimName } from "../claims";
import { CredentialKind } from "../credentials/credential";
import { Reason } from "../reason";

/** Compares a claim of a sound token; without one there is no claim. */
export class ClaimCondition extends ValueCondition {
  private readonly element: Comparison;

  constructor(
    private readonly claim: ClaimName,
    comparison: Comparison,
    isInverted: bool,
  ) {
    super(comparison, isInverted);
    this.element = new Comparison(Look.Exact, comparison.operand, comparison.ignoresCase);
  }

  holds(facts: RequestFacts): Truth {
    const own = authzFacts(facts);
    const identity = own.identity(CredentialKind.Jwt);
    if (identity.reason == Reason.KeysNotReady) return Truth.Doubt;
    if (!identity.isProven && this.isInverted) own.lacksCredential = true;
    return this.claim.isIn(identity.claims) ? this.ofClaim(identity.claims) : this.ofAbsence(facts);
  }

  /** A claim that is neither text, number nor truth can be looked at by `present` and `element` only. */
  private ofClaim(claims: JwtClaims | null): Truth {
    if (this.comparison.look == Look.Element) return this.ofMembership(claims);
    if (this.comparison.look == Look.Present) return this.isInverted ? Truth.No : Truth.Yes;
    return this.ofValue(this.claim.scalarIn(claims));
  }

  private ofMembership(claims: JwtClaims | null): Truth {
    const values = this.claim.listIn(claims);
    let isHeld = false;
    for (let i = 0; i < values.length && !isHeld; i++) isHeld = this.element.satisfiedBy(values[i]);
    return isHeld != this.isInverted ? Truth.Yes : Truth.No;
  }
}
