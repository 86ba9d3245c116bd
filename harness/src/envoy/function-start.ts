const codeSection = 10;

/**
 * The offset at which the function that holds a byte of a module begins, or null when no function holds it: what
 * bounds the search for the source line of an address that the compiler left unmapped.
 */
export function functionStart(bytes: Uint8Array, offset: number): number | null {
  const cursor = { bytes, at: 8 };
  while (cursor.at < bytes.length) {
    const id = bytes[cursor.at++];
    const end = u32(cursor) + cursor.at;
    if (id === codeSection && offset < end) return bodyAround(cursor, offset);
    cursor.at = end;
  }
  return null;
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

function bodyAround(cursor: Cursor, offset: number): number | null {
  for (let left = u32(cursor); left > 0; left--) {
    const end = u32(cursor) + cursor.at;
    if (offset < end) return offset >= cursor.at ? cursor.at : null;
    cursor.at = end;
  }
  return null;
}

/** An unsigned LEB128; `u32(cursor) + cursor.at` is where the part that it measures ends. */
function u32(cursor: Cursor): number {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = cursor.bytes[cursor.at++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
}
