import { Bytes } from "../bytes";
import { randomBytes } from "../hashes/random-bytes";
import { JsonValue } from "./value";

/** Objects with no more members than this are searched pair by pair. */
const FEW_MEMBERS = 8;

/** 2^31 - 1, a prime: keys are polynomials over its field. */
const PRIME: u64 = 0x7fff_ffff;

/** Where the polynomials are evaluated, which who writes the keys does not know; 0 until it is drawn. */
// @ts-ignore: decorator
@lazy
let point: u64 = 0;

/** How many keys were compared with one that met them in the table: for proofs that time is linear. */
export let meetings: i32 = 0;

/** A member whose key an earlier member has; null when every key occurs once. The time grows with the members. */
export function duplicateMember(object: JsonValue): JsonValue | null {
  return object.count <= FEW_MEMBERS ? searchPairs(object) : searchHashes(object);
}

function searchPairs(object: JsonValue): JsonValue | null {
  let member = object.first;
  while (member !== null && object.member(member.key) === member) member = member.next;
  return member;
}

function searchHashes(object: JsonValue): JsonValue | null {
  const mask = (1 << (33 - clz(object.count))) - 1;
  // addresses, for the object keeps its members alive
  const slots = new StaticArray<usize>(mask + 1);
  let member = object.first;
  while (member !== null) {
    let slot = hashOf(member.key) & mask;
    for (; unchecked(slots[slot]) != 0; slot = (slot + 1) & mask) {
      const other = changetype<JsonValue>(unchecked(slots[slot]));
      meetings++;
      if (other.key.equals(member.key)) return member;
    }
    unchecked((slots[slot] = changetype<usize>(member)));
    member = member.next;
  }
  return null;
}

/** Two keys meet by chance only, however they were chosen: at one of all points for each byte that the longer one has. */
function hashOf(key: Bytes): i32 {
  if (point == 0) point = (load<u32>(randomBytes(4).start) % (PRIME - 1)) + 1;
  let hash: u64 = 1;
  for (let i = 0; i < key.length; i++) hash = (hash * point + key[i]) % PRIME;
  return <i32>hash;
}
