import { Bytes, JwtClaims } from "as-proxy-wasm";
import { Principal } from "./principal";
import { Reason } from "../reason";

/** Who sends a request, or why nobody knows. */
export class Identity {
  /** What a token says of its owner. */
  claims: JwtClaims | null = null;

  constructor(
    /** `Allowed` when it was proven. */
    readonly reason: Reason,
    readonly name: Bytes | null,
    readonly roles: Bytes[],
  ) {}

  /** Nobody, for a reason. */
  static none(reason: Reason): Identity {
    return new Identity(reason, null, []);
  }

  /** The identity of somebody known. */
  static of(principal: Principal): Identity {
    return new Identity(Reason.Allowed, principal.name, principal.roles);
  }

  /** Whether it was proven. */
  get isProven(): bool {
    return this.reason == Reason.Allowed;
  }

  /** Whether it has a role. */
  hasRole(role: Bytes): bool {
    for (let i = 0; i < this.roles.length; i++) if (this.roles[i].equals(role)) return true;
    return false;
  }
}
