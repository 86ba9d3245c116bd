import { Bytes, RequestFacts } from "as-proxy-wasm";

/** One of the things that tell whose limit a request counts against. */
export abstract class KeyPart {
  /** The bytes that two requests must have in common; null when the request has none, or it is in doubt which. */
  abstract valueOf(facts: RequestFacts): Bytes | null;
}
