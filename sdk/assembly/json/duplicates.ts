import { JsonValue } from "./value";

/** Objects with no more members than this are searched pair by pair. */
const FEW_MEMBERS = 8;

/** A member whose key an earlier member has; null when every key occurs once. The time grows with the members. */
export function duplicateMember(object: JsonValue): JsonValue | null {
  return object.count <= FEW_MEMBERS ? searchPairs(object) : searchHashes(object);
}

function searchPairs(object: JsonValue): JsonValue | null {
  let member = object.first;
  while (member !== null) {
    if (object.member(member.key) !== member) return member;
    member = member.next;
  }
  return null;
}

function searchHashes(object: JsonValue): JsonValue | null {
  const mask = (1 << (33 - clz(object.count))) - 1;
  const slots = new StaticArray<JsonValue | null>(mask + 1);
  let member = object.first;
  while (member !== null) {
    let slot = (<i32>member.key.hash()) & mask;
    let other = slots[slot];
    while (other !== null) {
      if (other.key.equals(member.key)) return member;
      slot = (slot + 1) & mask;
      other = slots[slot];
    }
    slots[slot] = member;
    member = member.next;
  }
  return null;
}
