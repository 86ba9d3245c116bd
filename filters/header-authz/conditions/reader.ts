import { Comparison, Condition, ConditionReader, JsonObject, readComparison } from "as-proxy-wasm";
import { AuthenticatedCondition } from "./authenticated";
import { ClaimCondition } from "./claim";
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
    const claim = json.bytes("claim");
    if (claim.length == 0) json.refuse("claim", "must not be empty");
    if (this.credentials[CredentialKind.Jwt] === null) json.refuse("claim", "needs the option jwt");
    const comparison = readComparison(json);
    return new ClaimCondition(claim, comparison, json.booleanOr("invert", false) != isNegated);
  }

  private readAuthenticated(json: JsonObject, isNegated: bool): Condition {
    const kind = json.oneOf("authenticated", CREDENTIALS);
    if (this.credentials[kind] === null)
      json.refuse("authenticated", "needs the option for " + CREDENTIALS[kind]);
    const condition = new AuthenticatedCondition(kind, isNegated);
    if (json.has("name")) condition.name = readName(json.object("name"));
    if (json.has("role")) condition.role = json.bytes("role");
    if (json.has("role") && kind == CredentialKind.Jwt)
      json.refuse("role", "is nothing that a token has: say claim");
    return condition;
  }
}

function readName(json: JsonObject): Comparison {
  return readComparison(json);
}
