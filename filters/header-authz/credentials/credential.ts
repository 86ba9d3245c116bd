import { Bytes, utf8 } from "as-proxy-wasm";
import { AuthzFacts } from "../facts";
import { Identity } from "./identity";

/** How a client says who it is; the order is that of `CREDENTIALS`. */
export enum CredentialKind {
  ApiKey,
  Basic,
  Signature,
  Jwt,
}

/** What conditions call them. */
export const CREDENTIALS = ["api_key", "basic", "signature", "jwt"];

/** How a request's credential of one kind is looked at. */
export abstract class Credential {
  constructor(
    /** Its authentication scheme, which clients are told. */
    readonly scheme: Bytes,
  ) {}

  /** Who sends this request, or why nobody knows. */
  abstract examine(facts: AuthzFacts): Identity;

  /** What a client is told beside scheme and realm. */
  detail(found: Identity): Bytes {
    return utf8("");
  }
}
