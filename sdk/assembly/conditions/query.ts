import { Bytes } from "../bytes";
import { escapedByte } from "../paths/percent";

/**
 * The values of a parameter, as they were sent, at most so many; no bytes for one without `=`. Parameters are separated by
 * `&`; names are compared percent-decoded once, `+` as a space. Allocates for values only.
 *
 * @category Conditions
 */
export function queryValues(query: Bytes, name: Bytes, most: i32): Bytes[] {
  const values: Bytes[] = [];
  for (let from = 0; from < query.length && values.length < most;) {
    let end = from;
    while (end < query.length && query[end] != 0x26) end++;
    const valueStart = afterName(query, from, end, name);
    if (valueStart >= 0) values.push(query.slice(valueStart, end));
    from = end + 1;
  }
  return values;
}

/** Where the value of a parameter begins; -1 when it has another name. */
function afterName(query: Bytes, at: i32, end: i32, name: Bytes): i32 {
  let matched = 0;
  while (at < end && query[at] != 0x3d) {
    const byte = decodedByte(query, at, end);
    if (byte < 0 || matched == name.length || byte != name[matched]) return -1;
    at += query[at] == 0x25 ? 3 : 1;
    matched++;
  }
  if (matched != name.length) return -1;
  return min(at + 1, end);
}

/** The byte that stands at a place, decoded; -1 when its escape is malformed. */
function decodedByte(query: Bytes, at: i32, end: i32): i32 {
  const byte = query[at];
  if (byte == 0x2b) return 0x20;
  if (byte != 0x25) return byte;
  return at + 2 < end ? escapedByte(query, at) : -1;
}
