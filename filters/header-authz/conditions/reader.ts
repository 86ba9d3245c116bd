import { Bytes, Condition, ConditionReader, JsonObject, readComparison } from "as-proxy-wasm";
import { AuthenticatedCondition } from "./authenticated";
import { ClaimCondition } from "./claim";
import { ClaimName } from "../claims";
import { Credential, CredentialKind, CREDENTIALS } from "../credentials/credential";

const KINDS = ["authenticated", "claim"];

/** Reads conditions of a request and of who sends it. */
export class AuthzConditionReader extends ConditionReader {
  constructor(private readonly credentials: Array<Credential | null>) {
    super(KINDS);
  }

  readOwn(kind: string, json: JsonObject, isNegated: bool): Condition {
    return kind == "claim" ? this.readClaim(json, isNegated) : this.readAuthenticated(json, isNegated);
  }

  private readClaim(json: JsonObject, isNegated: bool): Condition {
    const claim = ClaimName.read(json, "claim");
    if (this.credentials[CredentialKind.Jwt] === null) json.refuse("claim", "needs the option jwt");
    const comparison = readComparison(json);
    return new ClaimCondition(claim, comparison, json.booleanOr("invert", false) != isNegated);
  }

  private readAuthenticated(json: JsonObject, isNegated: bool): Condition {
    const kind = json.oneOf("authenticated", CREDENTIALS);
    if (this.credentials[kind] === null)
      json.refuse("authenticated", "needs the option for " + CREDENTIALS[kind]);
    const condition = new AuthenticatedCondition(kind, isNegated);
    if (json.has("name")) condition.name = readComparison(json.object("name"));
    if (json.has("role")) condition.role = readRole(json);
    if (json.has("role") && kind == CredentialKind.Jwt)
      json.refuse("role", "is nothing that a token has: say claim");
    return condition;
  }
}

function readRole(json: JsonObject): Bytes {
  const role = json.bytes("role");
  if (role.length == 0) json.refuse("role", "must not be empty");
  return role;
}
