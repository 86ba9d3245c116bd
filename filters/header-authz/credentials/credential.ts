import { Bytes, JwtClaims } from "as-proxy-wasm";
import { AuthzFacts } from "../facts";
import { Reason } from "../reason";

/** How a client says who it is; the order is that of `CREDENTIALS`. */
export enum CredentialKind {
  ApiKey,
  Basic,
  Signature,
  Jwt,
}

/** What conditions call them. */
export const CREDENTIALS = ["api_key", "basic", "signature", "jwt"];

/** What the filter knows of those who may come: how a request's credential is looked at. */
export abstract class Credential {
  /** Who sends this request, or why nobody knows. */
  abstract examine(facts: AuthzFacts): Identity;

  /** What a client is asked for: an authentication scheme and its parameters, without the realm. */
  abstract challenge(realm: Bytes, found: Identity): Bytes;
}

/** Somebody that the configuration knows by name. */
export class Principal {
  constructor(
    readonly name: Bytes,
    readonly roles: Bytes[],
  ) {}
}

/** Who sends a request; what it says holds when the reason is `Allowed`. */
export class Identity {
  /** What a token says of its owner. */
  claims: JwtClaims | null = null;

  constructor(
    readonly reason: Reason,
    readonly name: Bytes | null = null,
    readonly roles: Bytes[] = [],
  ) {}

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

/** The identity of somebody known. */
export function identityOf(principal: Principal): Identity {
  return new Identity(Reason.Allowed, principal.name, principal.roles);
}
