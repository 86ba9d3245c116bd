import { Bytes, RequestFacts } from "as-proxy-wasm";
import { KeyPart } from "./key-part";

/** Stands for the length of a part that a request does not have: no part is so long. */
const MISSING: i32 = -1;

/** Whose limit a request counts against: the parts that it is put together of. */
export class Key {
  constructor(readonly parts: KeyPart[]) {}

  /** What a request has of the parts, each null where it is missing. */
  valuesOf(facts: RequestFacts): Array<Bytes | null> {
    const values: Array<Bytes | null> = [];
    for (let i = 0; i < this.parts.length; i++) values.push(this.parts[i].valueOf(facts));
    return values;
  }
}

/** Whether a part is missing. */
export function isIncomplete(values: Array<Bytes | null>): bool {
  for (let i = 0; i < values.length; i++) if (values[i] === null) return true;
  return false;
}

/**
 * Values as one text that no other list of values has, whatever bytes a client sends: each with its length before it. A
 * missing one differs from an empty one.
 */
export function joinValues(prefix: Bytes, values: Array<Bytes | null>): Bytes {
  let length = prefix.length;
  for (let i = 0; i < values.length; i++) length += 4 + lengthOf(values[i]);
  const joined = Bytes.fromBuffer(new ArrayBuffer(length));
  memory.copy(joined.start, prefix.start, prefix.length);
  let at = joined.start + prefix.length;
  for (let i = 0; i < values.length; i++) at = append(at, values[i]);
  return joined;
}

function lengthOf(value: Bytes | null): i32 {
  return value === null ? 0 : value.length;
}

function append(at: usize, value: Bytes | null): usize {
  store<i32>(at, value === null ? MISSING : value.length);
  if (value === null) return at + 4;
  memory.copy(at + 4, value.start, value.length);
  return at + 4 + value.length;
}
