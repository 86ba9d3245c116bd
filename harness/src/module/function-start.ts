import { headerLength, Reader, section } from "./reader.ts";

/** The offset at which the function that holds a byte of a module begins, or null when no function holds it. */
export function functionStart(bytes: Uint8Array, offset: number): number | null {
  const reader = new Reader(bytes, headerLength);
  while (!reader.atEnd) {
    const id = reader.byte();
    const length = reader.u32();
    if (id === section.code && offset < reader.offset + length) return bodyAround(reader, offset);
    reader.part(length);
  }
  return null;
}

function bodyAround(code: Reader, offset: number): number | null {
  for (let left = code.u32(); left > 0; left--) {
    const length = code.u32();
    const start = code.offset;
    if (offset < start + length) return offset >= start ? start : null;
    code.part(length);
  }
  return null;
}
