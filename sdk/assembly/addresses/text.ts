import { Bytes, utf8 } from "../bytes";
import { hexDigit } from "../encodings/hex-digits";
import { Address } from "./address";

const GROUPS = 8;

/** Eight groups of four digits with a colon between two. */
const LONGEST = 39;

/** One group of zeros alone stays as it is. */
const SHORTEST_GAP = 2;

/** An address as text; see `Address.toText`. */
export function addressText(address: Address): Bytes {
  return address.isV4 ? octetsText(<u32>address.low) : groupsText(address);
}

function octetsText(bits: u32): Bytes {
  let text = Bytes.fromInteger(bits >> 24);
  for (let shift = 16; shift >= 0; shift -= 8) {
    text = text.concat(utf8(".")).concat(Bytes.fromInteger((bits >> shift) & 0xff));
  }
  return text;
}

/** An address of IPv6 as text, one of IPv4 by the groups that it is mapped to: `::ffff:a00:1`. */
export function groupsText(address: Address): Bytes {
  const text = Bytes.fromBuffer(new ArrayBuffer(LONGEST));
  const gap = longestGap(address);
  const end = gap + zerosFrom(address, gap);
  let at = text.start;
  for (let i = 0; i < GROUPS; i++) {
    if (i == gap || (i > 0 && i != end)) store<u8>(at++, 0x3a);
    if (i == gap) {
      store<u8>(at++, 0x3a);
      i = end - 1;
    } else at = putGroup(at, groupAt(address, i));
  }
  return text.slice(0, <i32>(at - text.start));
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
  let shift = 12;
  while (shift > 0 && group >> shift == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) store<u8>(at++, hexDigit((group >> shift) & 15) | 0x20);
  return at;
}
