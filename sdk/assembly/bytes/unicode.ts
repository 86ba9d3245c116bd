/** What stands for each ill-formed sequence in decoded text. */
export const REPLACEMENT_CHARACTER: u32 = 0xfffd;

/** The code point of an ill-formed sequence as `decodeUtf8` reports it. */
export const ILL_FORMED: u32 = u32.MAX_VALUE;

/**
 * Decodes the UTF-8 sequence that starts at `at`, which must be below `end`. The low 32 bits are the code point, or
 * `ILL_FORMED`; the high 32 bits are how many bytes it took. An ill-formed sequence takes its longest prefix that
 * could have begun a sequence, and at least one byte. Source: WHATWG Encoding, "UTF-8 decoder".
 */
export function decodeUtf8(at: usize, end: usize): u64 {
  const first: u32 = load<u8>(at);
  if (first < 0x80) return decoded(first, 1);
  if (first < 0xc2 || first > 0xf4) return decoded(ILL_FORMED, 1);
  const needed = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  let codePoint = first & (0x3f >> needed);
  for (let i = 1; i <= needed; i++) {
    const next: u32 = at + i < end ? load<u8>(at + i) : 0;
    if (!continues(first, next, i)) return decoded(ILL_FORMED, i);
    codePoint = (codePoint << 6) | (next & 0x3f);
  }
  return decoded(codePoint, needed + 1);
}

/** Writes a code point as UTF-8 at `at`, up to 4 bytes, and returns how many; a surrogate becomes U+FFFD. */
export function encodeUtf8(codePoint: u32, at: usize): i32 {
  if (codePoint < 0x80) {
    store<u8>(at, codePoint);
    return 1;
  }
  if (codePoint < 0x800) {
    store<u8>(at, 0xc0 | (codePoint >> 6));
    store<u8>(at, 0x80 | (codePoint & 0x3f), 1);
    return 2;
  }
  if (codePoint >> 11 == 0x1b) codePoint = REPLACEMENT_CHARACTER;
  if (codePoint < 0x10000) {
    store<u8>(at, 0xe0 | (codePoint >> 12));
    store<u8>(at, 0x80 | ((codePoint >> 6) & 0x3f), 1);
    store<u8>(at, 0x80 | (codePoint & 0x3f), 2);
    return 3;
  }
  store<u8>(at, 0xf0 | (codePoint >> 18));
  store<u8>(at, 0x80 | ((codePoint >> 12) & 0x3f), 1);
  store<u8>(at, 0x80 | ((codePoint >> 6) & 0x3f), 2);
  store<u8>(at, 0x80 | (codePoint & 0x3f), 3);
  return 4;
}

/**
 * Decodes `length` bytes of UTF-8 into a string; each ill-formed sequence becomes one U+FFFD, nothing is dropped.
 */
export function decodeText(start: usize, length: i32): string {
  const end = start + length;
  const text = __new(utf16Length(start, end), idof<String>());
  for (let to = text; start < end;) {
    const sequence = decodeUtf8(start, end);
    start += <usize>(sequence >> 32);
    to += storeUtf16(<u32>sequence == ILL_FORMED ? REPLACEMENT_CHARACTER : <u32>sequence, to);
  }
  return changetype<string>(text);
}

/** Encodes a string as UTF-8 into a fresh buffer; each lone surrogate becomes U+FFFD. */
export function encodeText(text: string): ArrayBuffer {
  const block = __new(<usize>text.length * 3, idof<ArrayBuffer>()); // as much as it could take
  const end = changetype<usize>(text) + ((<usize>text.length) << 1);
  let to = block;
  for (let at = changetype<usize>(text); at < end; at += 2) {
    let codePoint: u32 = load<u16>(at);
    if (codePoint >> 10 == 0x36 && at + 2 < end && load<u16>(at, 2) >> 10 == 0x37) {
      codePoint = (codePoint << 10) + load<u16>(at, 2) - 0x35fdc00;
      at += 2;
    }
    to += encodeUtf8(codePoint, to);
  }
  return changetype<ArrayBuffer>(__renew(block, to - block));
}

/** How many bytes of UTF-16 the UTF-8 from `start` to `end` decodes to. */
function utf16Length(start: usize, end: usize): usize {
  let length: usize = 0;
  while (start < end) {
    const sequence = decodeUtf8(start, end);
    start += <usize>(sequence >> 32);
    length += <u32>sequence == ILL_FORMED || <u32>sequence < 0x10000 ? 2 : 4;
  }
  return length;
}

// @ts-ignore: decorator
@inline
function decoded(codePoint: u32, length: i32): u64 {
  return ((<u64>length) << 32) | codePoint;
}

/** The byte after E0, ED, F0 and F4 has a narrower range: no overlong forms, no surrogates, nothing past U+10FFFF. */
function continues(first: u32, next: u32, position: i32): bool {
  if ((next & 0xc0) != 0x80) return false;
  if (position != 1) return true;
  if (first == 0xe0) return next >= 0xa0;
  if (first == 0xed) return next < 0xa0;
  if (first == 0xf0) return next >= 0x90;
  return first != 0xf4 || next < 0x90;
}

function storeUtf16(codePoint: u32, at: usize): usize {
  if (codePoint < 0x10000) {
    store<u16>(at, codePoint);
    return 2;
  }
  store<u16>(at, 0xd7c0 + (codePoint >> 10));
  store<u16>(at, 0xdc00 | (codePoint & 0x3ff), 2);
  return 4;
}
