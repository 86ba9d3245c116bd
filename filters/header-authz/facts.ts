import { FactsOptions, RequestFacts, RequestHeaders } from "as-proxy-wasm";
import { Credential, CredentialKind, CREDENTIALS } from "./credentials/credential";
import { Identity } from "./credentials/identity";
import { Reason } from "./reason";

/** What the rules ask of one request: its parts, and who sends it. Each credential is examined when it is asked for first. */
export class AuthzFacts extends RequestFacts {
  /** The credentials that were asked for since this was last set to 0; a bit for each kind. */
  asked: u32 = 0;
  /** Whether a condition held because a credential is missing or wrong, since this was last set. */
  lacksCredential: bool = false;
  /** Those that were examined, by their kind. */
  private known: StaticArray<Identity | null> | null = null;

  constructor(
    headers: RequestHeaders,
    options: FactsOptions,
    /** How each kind of credential is looked at. */
    readonly credentials: Array<Credential | null>,
  ) {
    super(headers, options);
  }

  private get identities(): StaticArray<Identity | null> {
    let known = this.known;
    if (known === null) known = new StaticArray<Identity | null>(CREDENTIALS.length);
    this.known = known;
    return known;
  }

  /** Who sends the request, by one kind of credential; nobody where the filter knows none of that kind. */
  identity(kind: CredentialKind): Identity {
    this.asked |= 1 << kind;
    const identities = this.identities;
    const known = identities[kind];
    if (known !== null) return known;
    const credential = this.credentials[kind];
    const identity = credential === null ? Identity.none(Reason.MissingCredential) : credential.examine(this);
    identities[kind] = identity;
    return identity;
  }
}

/** The facts that the filter makes for its conditions. */
export function authzFacts(facts: RequestFacts): AuthzFacts {
  return changetype<AuthzFacts>(facts);
}
