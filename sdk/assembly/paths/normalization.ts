import { Bytes } from "../bytes";
import { decodeUtf8, ILL_FORMED } from "../bytes/unicode";
import { hexDigit } from "../encodings/hex-digits";
import { Ambiguous, PathOptions } from "./options";
import { escapedByte } from "./percent";

const SLASH: u8 = 0x2f;
const DOT: u8 = 0x2e;
const IN_DOUBT: i32 = -1;

/** A path in its normal form; null when it is in doubt. A path that is normal already is not copied. */
export function normalize(path: Bytes, options: PathOptions): Bytes | null {
  if (isNormal(path, options)) return path;
  const block = new ArrayBuffer(path.length);
  const start = changetype<usize>(block);
  const length = decode(path, start, options);
  if (length < 0 || !isUtf8(start, start + length)) return null;
  const kept = joinSegments(start, start + length);
  return kept < 0 ? null : Bytes.fromBuffer(block).slice(0, kept);
}

/** Whether no step would change the path: nothing that any of them looks for is there. */
function isNormal(path: Bytes, options: PathOptions): bool {
  let last: u32 = 0;
  for (let i = 0; i < path.length; i++) {
    const byte: u32 = path[i];
    if (byte >= 0x80 || byte == 0x25 || byte == 0x5c || byte == 0x3b) return false;
    if (last == SLASH && (byte == SLASH || byte == DOT)) return false;
    if (!options.isCaseSensitive && byte - 0x41 < 26) return false;
    last = byte;
  }
  return true;
}

/** Writes what the bytes of the path stand for; how many, or that they are in doubt. */
function decode(path: Bytes, start: usize, options: PathOptions): i32 {
  let to = start;
  for (let i = 0; i < path.length; i++) {
    let byte: i32 = path[i];
    if (byte == 0x3b && options.parameters != Ambiguous.Keep) {
      if (options.parameters == Ambiguous.Refuse) return IN_DOUBT;
      while (i + 1 < path.length && !isSlash(path[i + 1])) i++;
      continue;
    }
    if (byte == 0x25) {
      byte = escapedByte(path, i);
      if (byte < 0) return IN_DOUBT;
      if (isAmbiguous(byte) && options.encodedSlashes == Ambiguous.Refuse) return IN_DOUBT;
      i += 2;
      if (isKept(byte, options)) {
        to = writeEscape(to, byte);
        continue;
      }
    }
    store<u8>(to++, plain(byte, options));
  }
  return <i32>(to - start);
}

/** Where encoded slashes are kept as they are written, an encoded `%` is, too: else the two would look alike. */
function isKept(byte: i32, options: PathOptions): bool {
  return options.encodedSlashes == Ambiguous.Keep && (isAmbiguous(byte) || byte == 0x25);
}

/** Writes `%2F`, the letters in upper case however they were: RFC 3986, 6.2.2.1. */
function writeEscape(to: usize, byte: u32): usize {
  store<u8>(to, 0x25);
  store<u8>(to, hexDigit(byte >> 4), 1);
  store<u8>(to, hexDigit(byte & 15), 2);
  return to + 3;
}

/** Whether a byte that was encoded is a separator to some servers, or the end of the path, and not to others. */
function isAmbiguous(byte: i32): bool {
  return byte == SLASH || byte == 0x5c || byte == 0;
}

function isSlash(byte: u8): bool {
  return byte == SLASH || byte == 0x5c;
}

function plain(byte: u32, options: PathOptions): u8 {
  if (byte == 0x5c) return SLASH;
  return <u8>(!options.isCaseSensitive && byte - 0x41 < 26 ? byte | 0x20 : byte);
}

function isUtf8(at: usize, end: usize): bool {
  while (at < end) {
    const sequence = decodeUtf8(at, end);
    if (<u32>sequence == ILL_FORMED) return false;
    at += <usize>(sequence >> 32);
  }
  return true;
}

/**
 * Leaves out empty segments, `.` and `..` with what it leaves, in place; how many bytes are left, or that they are in
 * doubt. Source: RFC 3986, 5.2.4.
 */
function joinSegments(start: usize, end: usize): i32 {
  let to = start;
  let sawEmpty = false;
  for (let at = start; at < end;) {
    const segment = at + 1;
    at = segmentEnd(segment, end);
    const length = at - segment;
    const isLast = at == end;
    const isDot = length == 1 && load<u8>(segment) == DOT;
    const isDotDot = length == 2 && load<u8>(segment) == DOT && load<u8>(segment + 1) == DOT;
    if (isDotDot && sawEmpty) return IN_DOUBT;
    if (length == 0) sawEmpty = true;
    if (isDotDot) to = parentOf(start, to);
    else if (length != 0 && !isDot) to = append(to, segment - 1, length + 1);
    if (isLast && (isDot || isDotDot || length == 0)) store<u8>(to++, SLASH);
  }
  return <i32>(to - start);
}

function append(to: usize, from: usize, length: usize): usize {
  memory.copy(to, from, length);
  return to + length;
}

function segmentEnd(at: usize, end: usize): usize {
  while (at < end && load<u8>(at) != SLASH) at++;
  return at;
}

/** Where the last segment before `to` began, its slash included. */
function parentOf(start: usize, to: usize): usize {
  while (to > start && load<u8>(--to) != SLASH) {}
  return to;
}
