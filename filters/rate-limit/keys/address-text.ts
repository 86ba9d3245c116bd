import { Bytes } from "as-proxy-wasm";

const GROUPS = 8;

/**
 * The 16 bytes of an address as text, with the length of its network if that is not the whole. Source: RFC 5952, 4;
 * Envoy's route.v3, `masked_remote_address`.
 */
export function addressText(address: Bytes, bitsOfV4: i32, bitsOfV6: i32): Bytes {
  const isV4 = group(address, 5) == 0xffff && load<u64>(address.start) == 0 && group(address, 4) == 0;
  const text = isV4 ? textOfV4(address) : textOfV6(address);
  const isWhole = isV4 ? bitsOfV4 == 32 : bitsOfV6 == 128;
  return Bytes.fromString(isWhole ? text : text + "/" + decimal(isV4 ? bitsOfV4 : bitsOfV6));
}

function textOfV4(address: Bytes): string {
  let text = decimal(address[12]);
  for (let i = 13; i < 16; i++) text += "." + decimal(address[i]);
  return text;
}

/** The longest run of groups of 0, of several the first, is `::`. */
function textOfV6(address: Bytes): string {
  let run = 0;
  let runLength = 1;
  for (let i = 0; i < GROUPS; i++) {
    const length = zerosFrom(address, i);
    if (length > runLength) {
      run = i;
      runLength = length;
    }
  }
  if (runLength == 1) return groups(address, 0, GROUPS);
  return groups(address, 0, run) + "::" + groups(address, run + runLength, GROUPS);
}

function zerosFrom(address: Bytes, from: i32): i32 {
  let to = from;
  while (to < GROUPS && group(address, to) == 0) to++;
  return to - from;
}

function groups(address: Bytes, from: i32, to: i32): string {
  let text = "";
  for (let i = from; i < to; i++) text += (i == from ? "" : ":") + hex(group(address, i));
  return text;
}

function group(address: Bytes, index: i32): u32 {
  return ((<u32>address[2 * index]) << 8) | address[2 * index + 1];
}

function decimal(number: i32): string {
  return Bytes.fromInteger(number).toString();
}

/** Without zeros before it. */
function hex(number: u32): string {
  const digit = String.fromCharCode((number & 0xf) + ((number & 0xf) < 10 ? 0x30 : 0x57));
  return number < 16 ? digit : hex(number >> 4) + digit;
}
