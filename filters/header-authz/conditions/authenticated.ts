import { Bytes, Comparison, Condition, RequestFacts, Truth } from "as-proxy-wasm";
import { authzFacts } from "../facts";
import { CredentialKind } from "../credentials/credential";
import { Identity } from "../credentials/identity";
import { Reason } from "../reason";

/** Holds when the request has a sound credential of a kind, by a name and in a role where these are said. */
export class AuthenticatedCondition extends Condition {
  name: Comparison | null = null;
  role: Bytes | null = null;

  constructor(
    private readonly kind: CredentialKind,
    private readonly isNegated: bool,
  ) {
    super();
  }

  holds(facts: RequestFacts): Truth {
    const own = authzFacts(facts);
    const identity = own.identity(this.kind);
    if (identity.reason == Reason.KeysNotReady) return Truth.Doubt;
    if (!identity.isProven && this.isNegated) own.lacksCredential = true;
    return this.isWanted(identity) != this.isNegated ? Truth.Yes : Truth.No;
  }

  private isWanted(identity: Identity): bool {
    return identity.isProven && this.hasName(identity.name) && this.hasRole(identity);
  }

  private hasName(name: Bytes | null): bool {
    const wanted = this.name;
    return wanted === null || (name !== null && wanted.satisfiedBy(name));
  }

  private hasRole(identity: Identity): bool {
    const wanted = this.role;
    return wanted === null || identity.hasRole(wanted);
  }
}
