import { Bytes } from "../bytes";
import { sameBytes, sameIgnoringCase } from "../bytes/search";

/** Whether the text holds the piece, ASCII letters in either case. Allocates nothing, as all here. */
export function holdsIgnoringCase(text: Bytes, piece: Bytes): bool {
  for (let at = 0; at + piece.length <= text.length; at++) {
    if (sameIgnoringCase(text.start + at, piece.start, piece.length)) return true;
  }
  return false;
}

/** Whether a comma-separated list holds an element, blanks around it left out. Source: RFC 9110, 5.6.1. */
export function holdsElement(list: Bytes, element: Bytes, ignoresCase: bool): bool {
  for (let from = 0; from <= list.length;) {
    let end = from;
    while (end < list.length && list[end] != 0x2c) end++;
    if (isElement(list.start + from, list.start + end, element, ignoresCase)) return true;
    from = end + 1;
  }
  return false;
}

function isElement(from: usize, end: usize, element: Bytes, ignoresCase: bool): bool {
  while (from < end && isBlank(load<u8>(from))) from++;
  while (end > from && isBlank(load<u8>(end - 1))) end--;
  const length = <i32>(end - from);
  if (length != element.length) return false;
  return ignoresCase ? sameIgnoringCase(from, element.start, length) : sameBytes(from, element.start, length);
}

function isBlank(byte: u8): bool {
  return byte == 0x20 || byte == 0x09;
}
