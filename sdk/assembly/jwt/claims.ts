import { Bytes, utf8 } from "../bytes";
import { parseInteger } from "../json/numbers";
import { JsonParser } from "../json/parser";
import { JsonKind, JsonValue } from "../json/value";

/** What an integer claim is that has no such value: no integer of JSON is so small. */
export const NO_CLAIM: i64 = i64.MIN_VALUE;

/**
 * What a token says, or an object in it. No getter traps, logs or converts: what is absent or of another kind is null.
 * The bytes are views of the token: `copy()` what is to outlive its callback. Source: RFC 7519, section 4.
 *
 * @category JSON Web Tokens
 */
export class JwtClaims {
  private constructor(private readonly value: JsonValue) {}

  /** For the SDK: reads a JSON text; null when it is no object, to the letter. @internal */
  static parse(text: Bytes): JwtClaims | null {
    const value = new JsonParser(text).parse();
    return value === null || value.kind != JsonKind.Object ? null : new JwtClaims(value);
  }

  /** Whether there is such a claim, be its value `null` or not. */
  has(name: Bytes): bool {
    return this.value.member(name) !== null;
  }

  /** A string. */
  bytes(name: Bytes): Bytes | null {
    const value = this.value.member(name);
    return value !== null && value.kind == JsonKind.String ? value.text : null;
  }

  /** A string, or a number, `true` or `false` as the token spells it: for a key or a comparison. */
  scalar(name: Bytes): Bytes | null {
    const value = this.value.member(name);
    return value !== null && isScalar(value.kind) ? value.text : null;
  }

  /** A whole number within ±(2^53 - 1), in any spelling of JSON; `absent` when it is none. */
  integerOr(name: Bytes, absent: i64): i64 {
    const value = this.value.member(name);
    const integer = value !== null && value.kind == JsonKind.Number ? parseInteger(value.text) : NO_CLAIM;
    return integer == NO_CLAIM ? absent : integer;
  }

  /**
   * A date in whole seconds since 1970, a fraction left out; `absent` when it is no number, or beyond 2^53. Source:
   * RFC 7519, section 2, NumericDate.
   */
  secondsOr(name: Bytes, absent: i64): i64 {
    const value = this.value.member(name);
    if (value === null || value.kind != JsonKind.Number) return absent;
    const integer = parseInteger(value.text);
    const seconds = integer == NO_CLAIM ? withoutFraction(value.text) : integer;
    return seconds == NO_CLAIM ? absent : seconds;
  }

  /** `true` or `false`; `absent` when it is neither. */
  booleanOr(name: Bytes, absent: bool): bool {
    const value = this.value.member(name);
    return value !== null && value.kind == JsonKind.Boolean ? value.text[0] == 0x74 : absent;
  }

  /** The strings of an array, in their order and without what is none; a string alone counts as an array of one. */
  list(name: Bytes): Bytes[] {
    const strings: Bytes[] = [];
    const value = this.value.member(name);
    if (value === null) return strings;
    if (value.kind == JsonKind.String) strings.push(value.text);
    let element = value.kind == JsonKind.Array ? value.first : null;
    while (element !== null) {
      if (element.kind == JsonKind.String) strings.push(element.text);
      element = element.next;
    }
    return strings;
  }

  /** An object. */
  object(name: Bytes): JwtClaims | null {
    const value = this.value.member(name);
    return value !== null && value.kind == JsonKind.Object ? new JwtClaims(value) : null;
  }
}

function isScalar(kind: JsonKind): bool {
  return kind == JsonKind.String || kind == JsonKind.Number || kind == JsonKind.Boolean;
}

/** What stands before the point of a number that is spelt without an exponent; `NO_CLAIM` for any other. */
function withoutFraction(number: Bytes): i64 {
  const point = number.indexOf(utf8("."));
  const hasExponent = number.indexOf(utf8("e")) >= 0 || number.indexOf(utf8("E")) >= 0;
  return point < 0 || hasExponent ? NO_CLAIM : parseInteger(number.slice(0, point));
}
