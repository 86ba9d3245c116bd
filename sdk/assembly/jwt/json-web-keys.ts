import { Bytes, utf8 } from "../bytes";
import { decimal } from "../bytes/decimal";
import { JsonParser } from "../json/parser";
import { JsonKind, JsonValue } from "../json/value";
import { JsonWebKey } from "./json-web-key";
import { JsonWebKeyReader } from "./json-web-key-reader";

/** Sets with more keys are cut off: a token without `kid` is tried on each that fits. */
const MOST_KEYS = 32;

/**
 * A set of keys (JWKS) that tokens are verified with: of type RSA (2048 to 8192 bits), EC on P-256, and oct (256 bits
 * and more). Others are skipped, and so are those that are for encryption, that hold a private key, or that come
 * after the 32nd. Source: RFC 7517, section 5.
 *
 * @category JSON Web Tokens
 */
export class JsonWebKeys {
  /** The keys that can be used, in their order. */
  readonly keys: JsonWebKey[] = [];
  /** Why others, or all, cannot, up to 32 times: `keys[1]: its crv is not P-256`. */
  readonly skipped: string[] = [];

  private constructor() {}

  /** Reads a set; one that is no JSON, or no set, has no keys, and `skipped` says why. Holds no view of the text. */
  static parse(text: Bytes): JsonWebKeys {
    const set = new JsonWebKeys();
    const parser = new JsonParser(text);
    const root = parser.parse();
    if (root === null) set.skipped.push("not JSON: " + parser.reason());
    else set.addAll(root.member(utf8("keys")));
    return set;
  }

  private addAll(keys: JsonValue | null): void {
    if (keys === null || keys.kind != JsonKind.Array) {
      this.skipped.push("it has no array of keys");
      return;
    }
    let key = keys.first;
    while (key !== null) {
      this.add(key);
      key = key.next;
    }
  }

  private add(value: JsonValue): void {
    const reader = new JsonWebKeyReader(value);
    const key = reader.read();
    if (key === null) this.skip(value, reader.problem);
    else if (this.keys.length == MOST_KEYS) this.skip(value, "is one too many");
    else this.keys.push(key);
  }

  private skip(value: JsonValue, problem: string): void {
    if (this.skipped.length < MOST_KEYS) this.skipped.push("keys[" + decimal(value.index) + "]: " + problem);
  }
}
