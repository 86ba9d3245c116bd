import { Bytes, Comparison, JwtClaims, Look, RequestFacts, Truth, utf8, ValueCondition } from "as-proxy-wasm";
import { AuthzFacts } from "../facts";
import { CredentialKind } from "../credentials/credential";
import { Reason } from "../reason";

/** Compares a claim of a sound token; without one there is no claim. */
export class ClaimCondition extends ValueCondition {
  private readonly element: Comparison;

  constructor(
    private readonly name: Bytes,
    comparison: Comparison,
    isInverted: bool,
  ) {
    super(comparison, isInverted);
    this.element = new Comparison(Look.Exact, comparison.operand, comparison.ignoresCase);
  }

  holds(facts: RequestFacts): Truth {
    const own = <AuthzFacts>facts;
    const identity = own.identity(CredentialKind.Jwt);
    if (identity.reason == Reason.KeysNotReady) return Truth.Doubt;
    if (!identity.isProven && this.isInverted) own.lacksCredential = true;
    const owner = ownerOf(identity.claims, this.name);
    const last = lastName(this.name);
    if (owner === null || !owner.has(last)) return this.ofAbsence(facts);
    return this.ofClaim(owner, last);
  }

  /** A claim that is neither text, number nor truth can be looked at by `present` and `element` only. */
  private ofClaim(owner: JwtClaims, name: Bytes): Truth {
    if (this.comparison.look == Look.Element) return this.ofMembership(owner, name);
    if (this.comparison.look == Look.Present) return this.isInverted ? Truth.No : Truth.Yes;
    return this.ofValue(owner.scalar(name));
  }

  private ofMembership(owner: JwtClaims, name: Bytes): Truth {
    const text = owner.bytes(name);
    const isHeld = text === null ? this.isAmong(owner.list(name)) : this.isWordOf(text);
    return isHeld != this.isInverted ? Truth.Yes : Truth.No;
  }

  private isAmong(values: Bytes[]): bool {
    for (let i = 0; i < values.length; i++) if (this.element.satisfiedBy(values[i])) return true;
    return false;
  }

  /** A text is a list of words, as `scope` is. Source: RFC 8693, section 4.2. */
  private isWordOf(text: Bytes): bool {
    for (let from = 0; from <= text.length;) {
      const blank = text.indexOf(utf8(" "), from);
      const end = blank < 0 ? text.length : blank;
      if (this.element.satisfiedBy(text.slice(from, end))) return true;
      from = end + 1;
    }
    return false;
  }
}

/** The object that has the claim: that of all claims, or the one that a path such as `/realm_access/roles` leads to. */
export function ownerOf(claims: JwtClaims | null, name: Bytes): JwtClaims | null {
  if (name[0] != 0x2f) return claims;
  let owner = claims;
  let from = 1;
  for (let slash = name.indexOf(utf8("/"), from); slash >= 0; slash = name.indexOf(utf8("/"), from)) {
    if (owner === null) return null;
    owner = owner.object(name.slice(from, slash));
    from = slash + 1;
  }
  return owner;
}

/** The claim's own name: the last part of a path. */
export function lastName(name: Bytes): Bytes {
  if (name[0] != 0x2f) return name;
  let from = name.length;
  while (name[from - 1] != 0x2f) from--;
  return name.slice(from);
}
