import { Bytes, JsonObject, utf8 } from "as-proxy-wasm";
import { AuthzFacts } from "../facts";
import { ClaimName } from "../claims";
import { hasControl } from "../names";
import { Credential, CredentialKind, CREDENTIALS } from "../credentials/credential";

const SOURCES = ["value", "peer", "name_of", "roles_of", "claim"];

enum Source {
  Value,
  Peer,
  NameOf,
  RolesOf,
  Claim,
}

/** Where the value of a header for the upstream comes from. */
export class ValueSource {
  private text: Bytes = Bytes.EMPTY;
  private kind: CredentialKind = CredentialKind.Jwt;
  private claim: ClaimName | null = null;

  private constructor(private readonly source: Source) {}

  /** Reads one of `value`, `peer`, `name_of`, `roles_of` and `claim`. */
  static read(json: JsonObject, credentials: Array<Credential | null>): ValueSource {
    const read = new ValueSource(<Source>json.oneKeyOf(SOURCES));
    const key = SOURCES[read.source];
    if (read.source == Source.Value) read.text = readText(json, key);
    else if (read.source == Source.Claim) read.claim = ClaimName.read(json, key);
    else if (read.source != Source.Peer) read.kind = json.oneOf(key, CREDENTIALS);
    else if (!json.boolean(key)) json.refuse(key, "must be true");
    if (read.source >= Source.NameOf && credentials[read.kind] === null)
      json.refuse(key, "needs the option for " + CREDENTIALS[read.kind]);
    if (read.source == Source.RolesOf && read.kind == CredentialKind.Jwt)
      json.refuse(key, "is nothing that a token has: say claim");
    return read;
  }

  /** What it is for this request; none when there is nothing. */
  valuesFor(facts: AuthzFacts): Bytes[] {
    switch (this.source) {
      case Source.Value:
        return [this.text];
      case Source.Peer:
        return listOf(facts.peer);
      case Source.NameOf:
        return listOf(facts.identity(this.kind).name);
      case Source.RolesOf:
        return facts.identity(this.kind).roles;
      default:
        return this.claimsOf(facts);
    }
  }

  private claimsOf(facts: AuthzFacts): Bytes[] {
    const claim = this.claim;
    if (claim === null) return [];
    const claims = facts.identity(CredentialKind.Jwt).claims;
    const scalar = claim.scalarIn(claims);
    return scalar === null ? claim.listIn(claims) : [scalar];
  }
}

function listOf(value: Bytes | null): Bytes[] {
  return value === null ? [] : [value];
}

function readText(json: JsonObject, key: string): Bytes {
  const text = json.bytes(key);
  if (hasControl(text)) json.refuse(key, "must not hold a control character");
  return text;
}
