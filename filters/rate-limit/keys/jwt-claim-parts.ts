import { Bytes, getProperty, Jwt, RequestFacts, utf8 } from "as-proxy-wasm";
import { KeyPart } from "./key-part";

const BEARER_LENGTH = 7;

/**
 * A claim of a token that Envoy's `jwt_authn` filter has verified before this one, and left in the dynamic metadata.
 * Source: Envoy's jwt_authn.v3, `payload_in_metadata`.
 */
export class JwtClaimPart extends KeyPart {
  private readonly path: Bytes;

  constructor(claim: Bytes, payloadKey: Bytes) {
    super();
    const namespace = utf8("metadata\0filter_metadata\0envoy.filters.http.jwt_authn\0");
    this.path = namespace.concat(payloadKey).concat(utf8("\0")).concat(claim);
  }

  valueOf(facts: RequestFacts): Bytes | null {
    return getProperty(this.path);
  }
}

/** A claim of a bearer token that nobody has verified: a client can write there what it likes. */
export class UnverifiedJwtClaimPart extends KeyPart {
  constructor(
    private readonly claim: Bytes,
    private readonly header: Bytes,
  ) {
    super();
  }

  valueOf(facts: RequestFacts): Bytes | null {
    const values = facts.headers.getAll(this.header);
    if (values.length != 1) return null;
    const token = Jwt.parse(withoutScheme(values[0]));
    if (token === null) return null;
    const claims = token.readUnverifiedClaims();
    return claims === null ? null : claims.scalar(this.claim);
  }
}

function withoutScheme(value: Bytes): Bytes {
  const hasScheme = value.slice(0, BEARER_LENGTH).equalsIgnoreCase(utf8("bearer "));
  return hasScheme ? value.slice(BEARER_LENGTH).trim() : value;
}
