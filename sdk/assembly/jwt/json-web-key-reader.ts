import { Bytes, utf8 } from "../bytes";
import { decodeBase64Url } from "../encodings/base64";
import { JsonKind, JsonValue } from "../json/value";
import { JwtAlgorithm, jwtAlgorithm } from "./algorithm";
import { p256PublicKey, rsaPublicKey, withoutLeadingZeros } from "./der";
import { JsonWebKey } from "./json-web-key";

/** RFC 7518, section 3.3, asks for 2048 bits at least; beyond 8192 a signature costs a worker milliseconds. */
const FEWEST_MODULUS_BYTES = 256;
const MOST_MODULUS_BYTES = 1024;

/** BoringSSL takes exponents of up to 33 bits. */
const MOST_EXPONENT_BYTES = 4;

const COORDINATE_BYTES = 32;

/** RFC 7518, section 3.2: as many bits as the hash has. */
const FEWEST_SECRET_BYTES = 32;

/** Makes a key of a JSON object, or says why it is of no use. Source: RFC 7517, section 4, and RFC 7518, section 6. */
export class JsonWebKeyReader {
  /** What is wrong. */
  problem: string = "";

  constructor(private readonly value: JsonValue) {}

  /** The key; null when it is of no use, and `problem` says why. */
  read(): JsonWebKey | null {
    if (this.value.kind != JsonKind.Object) return this.refuse("is no object");
    const type = this.string(utf8("kty"));
    if (type === null) return this.refuse("has no kty");
    if (type.equals(utf8("RSA"))) return this.rsa();
    if (type.equals(utf8("EC"))) return this.ec();
    return type.equals(utf8("oct")) ? this.oct() : this.refuse("its kty is none of RSA, EC and oct");
  }

  private rsa(): JsonWebKey | null {
    const modulus = withoutLeadingZeros(this.octets(utf8("n")));
    const exponent = withoutLeadingZeros(this.octets(utf8("e")));
    const isShort = modulus.length == FEWEST_MODULUS_BYTES && modulus[0] < 0x80;
    if (isShort || modulus.length < FEWEST_MODULUS_BYTES || modulus.length > MOST_MODULUS_BYTES)
      return this.refuse("its n has not 2048 to 8192 bits");
    if (!isOdd(modulus)) return this.refuse("its n is even");
    if (!isOdd(exponent) || exponent.length > MOST_EXPONENT_BYTES || isOne(exponent))
      return this.refuse("its e is not an odd number from 3 to 2^32");
    return this.finish(JwtAlgorithm.RS256, rsaPublicKey(modulus, exponent));
  }

  private ec(): JsonWebKey | null {
    const curve = this.string(utf8("crv"));
    if (curve === null || !curve.equals(utf8("P-256"))) return this.refuse("its crv is not P-256");
    const x = this.octets(utf8("x"));
    const y = this.octets(utf8("y"));
    if (x.length != COORDINATE_BYTES || y.length != COORDINATE_BYTES)
      return this.refuse("its x or y has not 32 bytes");
    return this.finish(JwtAlgorithm.ES256, p256PublicKey(x, y));
  }

  private oct(): JsonWebKey | null {
    const secret = this.octets(utf8("k"));
    if (secret.length < FEWEST_SECRET_BYTES) return this.refuse("its k has fewer than 32 bytes");
    return this.finish(JwtAlgorithm.HS256, secret);
  }

  /** Checks what a key of any type can say. */
  private finish(algorithm: JwtAlgorithm, material: Bytes): JsonWebKey | null {
    if (this.has(utf8("d"))) return this.refuse("it is a private key");
    if (this.has(utf8("use")) && !this.is(utf8("use"), utf8("sig"))) return this.refuse("its use is not sig");
    if (this.has(utf8("key_ops")) && !this.mayVerify()) return this.refuse("its key_ops lacks verify");
    const named = this.string(utf8("alg"));
    if (this.has(utf8("alg")) && (named === null || jwtAlgorithm(named) != algorithm))
      return this.refuse("its alg is not the one of RS256, ES256 and HS256 that its kty is for");
    const id = this.string(utf8("kid"));
    if (this.has(utf8("kid")) && id === null) return this.refuse("its kid is no string");
    return new JsonWebKey(algorithm, id === null ? null : id.copy(), material.copy());
  }

  private mayVerify(): bool {
    const operations = this.value.member(utf8("key_ops"));
    if (operations === null || operations.kind != JsonKind.Array) return false;
    let operation = operations.first;
    while (operation !== null) {
      if (operation.kind == JsonKind.String && operation.text.equals(utf8("verify"))) return true;
      operation = operation.next;
    }
    return false;
  }

  private has(name: Bytes): bool {
    return this.value.member(name) !== null;
  }

  private is(name: Bytes, expected: Bytes): bool {
    const value = this.string(name);
    return value !== null && value.equals(expected);
  }

  private string(name: Bytes): Bytes | null {
    const member = this.value.member(name);
    return member !== null && member.kind == JsonKind.String ? member.text : null;
  }

  /** The bytes of a member in base64 for URLs; none when it is absent or malformed. */
  private octets(name: Bytes): Bytes {
    const text = this.string(name);
    if (text === null) return Bytes.EMPTY;
    const octets = decodeBase64Url(text);
    return octets === null ? Bytes.EMPTY : octets;
  }

  private refuse(problem: string): JsonWebKey | null {
    this.problem = problem;
    return null;
  }
}

/** No bytes are 0, which is even. */
function isOdd(number: Bytes): bool {
  return (number[number.length - 1] & 1) == 1;
}

function isOne(number: Bytes): bool {
  return number.length == 1 && number[0] == 1;
}
