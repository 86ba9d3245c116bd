import { Bytes, RequestFacts } from "as-proxy-wasm";

/** One of the things that tell whose limit a request counts against. */
export abstract class KeyPart {
  /** The bytes that two requests must have in common; null when the request has none, or it is in doubt which. */
  abstract valueOf(facts: RequestFacts): Bytes | null;

  /** The value as a text in UTF-8, for a service; null as `valueOf`. Bytes that are no UTF-8 are U+FFFD in it. */
  textOf(facts: RequestFacts): Bytes | null {
    const value = this.valueOf(facts);
    return value === null || isAscii(value) ? value : Bytes.fromString(value.toString());
  }
}

function isAscii(value: Bytes): bool {
  for (let i = 0; i < value.length; i++) if (value[i] >= 0x80) return false;
  return true;
}
