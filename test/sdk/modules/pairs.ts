import { Bytes } from "as-proxy-wasm";
import { encodePairs, Pairs } from "as-proxy-wasm/assembly/http-fields/pairs";

/** The pairs of a block by turns, read in order and then backwards; null when it is refused. */
export function read(block: ArrayBuffer): string[] | null {
  const pairs = Pairs.parse(Bytes.fromBuffer(block));
  if (pairs === null) return null;
  const texts: string[] = [];
  for (let i = 0; i < pairs.count; i++) {
    texts.push(pairs.nameAt(i).toString());
    texts.push(pairs.valueAt(i).toString());
  }
  for (let i = pairs.count - 1; i >= 0; i--) texts.push(pairs.valueAt(i).toString());
  return texts;
}

export function indexOf(block: ArrayBuffer, name: string, from: i32): i32 {
  const pairs = Pairs.parse(Bytes.fromBuffer(block));
  return pairs === null ? -2 : pairs.indexOf(Bytes.fromString(name), from);
}

/** What stands outside of the pairs, before and behind. */
export function outside(block: ArrayBuffer): i32 {
  const pairs = Pairs.parse(Bytes.fromBuffer(block));
  if (pairs === null) return -1;
  return pairs.nameAt(-1).length + pairs.valueAt(pairs.count).length + pairs.nameAt(i32.MAX_VALUE).length;
}

/** The runtime id of an array of strings, for the test to make one. */
export const STRINGS_ID = idof<string[]>();

export function encode(texts: string[]): ArrayBuffer {
  const namesAndValues: Bytes[] = [];
  for (let i = 0; i < texts.length; i++) namesAndValues.push(Bytes.fromString(texts[i]));
  return changetype<ArrayBuffer>(encodePairs(namesAndValues).start);
}
