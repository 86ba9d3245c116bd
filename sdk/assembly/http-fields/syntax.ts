import { Bytes, utf8 } from "../bytes";
import { logError } from "../logging";

// One bit for each ASCII character that a token may hold. Source: RFC 9110, 5.6.2.
const TOKEN_0_TO_63: u64 = 0x03ff_6cfa_0000_0000;
const TOKEN_64_TO_127: u64 = 0x57ff_ffff_c7ff_fffe;

const EIGHT_LF: u64 = 0x0a0a_0a0a_0a0a_0a0a;
const EIGHT_CR: u64 = 0x0d0d_0d0d_0d0d_0d0d;

/**
 * Whether these bytes are a header name: a token, or a pseudo-header, which is a colon and a token. Source: RFC 9110,
 * 5.6.2.
 *
 * @category Headers and trailers
 */
export function isHeaderName(name: Bytes): bool {
  let at = name.start;
  const end = at + name.length;
  if (name.length > 1 && load<u8>(at) == 0x3a) at++;
  for (; at < end; at++) {
    if (!isTokenByte(load<u8>(at))) return false;
  }
  return name.length > 0;
}

/**
 * Whether these bytes may be a header value: anything but CR, LF and NUL, which would end it. Source: RFC 9110, 5.5.
 *
 * @category Headers and trailers
 */
export function isHeaderValue(value: Bytes): bool {
  let at = value.start;
  const end = at + value.length;
  for (; at + 8 <= end; at += 8) {
    const bytes = load<u64>(at);
    if ((hasZero(bytes) | hasZero(bytes ^ EIGHT_LF) | hasZero(bytes ^ EIGHT_CR)) != 0) return false;
  }
  for (; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == 0 || byte == 0x0a || byte == 0x0d) return false;
  }
  return true;
}

/** Whether the host may be given this header; logs at error why not. The host itself would take it and fail later. */
export function acceptHeader(name: Bytes, value: Bytes): bool {
  if (!acceptHeaderName(name)) return false;
  if (isHeaderValue(value)) return true;
  const reason = utf8(" was refused: it holds CR, LF or NUL");
  logError(utf8("the value of header ").concat(name).concat(reason));
  return false;
}

/** Whether the host may be given this name; logs at error why not. */
export function acceptHeaderName(name: Bytes): bool {
  if (isHeaderName(name)) return true;
  const reason = utf8(" bytes was refused: it is not a token");
  logError(utf8("a header name of ").concat(Bytes.fromInteger(name.length)).concat(reason));
  return false;
}

// @ts-ignore: decorator
@inline
function isTokenByte(byte: u8): bool {
  if (byte >= 128) return false;
  const bits = byte < 64 ? TOKEN_0_TO_63 : TOKEN_64_TO_127;
  return ((bits >> (byte & 63)) & 1) != 0;
}

/** Not 0 when one of eight bytes is 0. */
// @ts-ignore: decorator
@inline
function hasZero(bytes: u64): u64 {
  return (bytes - 0x0101_0101_0101_0101) & ~bytes & 0x8080_8080_8080_8080;
}
