// What Envoy takes keys and signatures in: DER, ITU-T X.690.
import { Bytes, utf8 } from "../bytes";
import { makeBytes } from "../encodings/block";
import { decodeHex } from "../encodings/hex";

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

/** An RSA key as SubjectPublicKeyInfo (RFC 3279, section 2.3.1), from big-endian numbers. */
export function rsaPublicKey(modulus: Bytes, exponent: Bytes): Bytes {
  const numbers = element(SEQUENCE, integer(modulus).concat(integer(exponent)));
  const algorithm = hex(utf8("300d06092a864886f70d0101010500")); // rsaEncryption, NULL
  return element(SEQUENCE, algorithm.concat(element(BIT_STRING, hex(utf8("00")).concat(numbers))));
}

/** A point of P-256 as SubjectPublicKeyInfo (RFC 5480, section 2), from coordinates of 32 bytes. */
export function p256PublicKey(x: Bytes, y: Bytes): Bytes {
  const before = hex(utf8("3059301306072a8648ce3d020106082a8648ce3d03010703420004")); // id-ecPublicKey, prime256v1
  return before.concat(x).concat(y);
}

/** A signature of RFC 7518, section 3.4, as ECDSA-Sig-Value (RFC 3279, section 2.2.3); null unless it has 64 bytes. */
export function ecdsaSignature(signature: Bytes): Bytes | null {
  if (signature.length != 64) return null;
  return element(SEQUENCE, integer(signature.slice(0, 32)).concat(integer(signature.slice(32))));
}

/** A number without the zeros that stand before it; none for 0. */
export function withoutLeadingZeros(number: Bytes): Bytes {
  let zeros = 0;
  while (zeros < number.length && number[zeros] == 0) zeros++;
  return number.slice(zeros);
}

/** A big-endian number of at least 0, in as few bytes as it takes: one more where it would look negative. */
function integer(number: Bytes): Bytes {
  const digits = withoutLeadingZeros(number);
  return element(INTEGER, digits.length == 0 || digits[0] >= 0x80 ? hex(utf8("00")).concat(digits) : digits);
}

/** Tag, length and content; of less than 64 KiB. */
function element(tag: u8, content: Bytes): Bytes {
  const length = content.length;
  const lengthBytes = length < 0x80 ? 1 : length < 0x100 ? 2 : 3;
  const element = makeBytes(1 + lengthBytes + length);
  store<u8>(element.start, tag);
  if (lengthBytes > 1) store<u8>(element.start, 0x7f + lengthBytes, 1);
  if (lengthBytes > 2) store<u8>(element.start, length >> 8, 2);
  store<u8>(element.start + lengthBytes, length);
  memory.copy(element.start + 1 + lengthBytes, content.start, length);
  return element;
}

function hex(digits: Bytes): Bytes {
  const bytes = decodeHex(digits);
  return bytes === null ? Bytes.EMPTY : bytes;
}
