import { Bytes } from "../bytes";
import { hexDigit } from "../encodings/hex-digits";
import { Address } from "./address";

const GROUPS = 8;

/** Eight groups of four digits with a colon between two. */
const LONGEST = 39;

/** One group of zeros alone stays as it is. */
const SHORTEST_GAP = 2;

/** An address as text; see `Address.toText`. */
export function addressText(address: Address): Bytes {
  const text = Bytes.fromBuffer(new ArrayBuffer(LONGEST));
  const end = address.isV4 ? putV4(text.start, <u32>address.low) : putV6(text.start, address);
  return text.slice(0, <i32>(end - text.start));
}

function putV4(at: usize, bits: u32): usize {
  for (let shift = 24; shift >= 0; shift -= 8) {
    if (shift < 24) at = put(at, 0x2e);
    const octet = Bytes.fromInteger((bits >> shift) & 0xff);
    memory.copy(at, octet.start, octet.length);
    at += octet.length;
  }
  return at;
}

function putV6(at: usize, address: Address): usize {
  const gap = longestGap(address);
  const end = gap + zerosFrom(address, gap);
  for (let i = 0; i < GROUPS; i++) {
    if (i == gap || (i > 0 && i != end)) at = put(at, 0x3a);
    if (i == gap) {
      at = put(at, 0x3a);
      i = end - 1;
    } else at = putGroup(at, groupAt(address, i));
  }
  return at;
}

/** Where the first of the longest rows of zeros begins; behind all groups when none is long enough. */
function longestGap(address: Address): i32 {
  let gap = GROUPS;
  let longest = SHORTEST_GAP - 1;
  for (let i = 0; i < GROUPS; i++) {
    const zeros = zerosFrom(address, i);
    if (zeros <= longest) continue;
    gap = i;
    longest = zeros;
  }
  return gap;
}

/** How many groups are zero in a row from this one on. */
function zerosFrom(address: Address, group: i32): i32 {
  let end = group;
  while (end < GROUPS && groupAt(address, end) == 0) end++;
  return end - group;
}

function groupAt(address: Address, index: i32): u32 {
  const word = index < GROUPS / 2 ? address.high : address.low;
  return (<u32>(word >> ((~index & 3) << 4))) & 0xffff;
}

/** Without zeros before it. */
function putGroup(at: usize, group: u32): usize {
  for (let shift = 12; shift >= 0; shift -= 4) {
    if (shift == 0 || group >> shift != 0) at = put(at, hexDigit((group >> shift) & 15) | 0x20);
  }
  return at;
}

function put(at: usize, byte: u8): usize {
  store<u8>(at, byte);
  return at + 1;
}
