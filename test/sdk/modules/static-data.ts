import { unpackStaticData } from "as-proxy-wasm/assembly/runtime/static-data";

/** So many bytes of memory that was all zero, when a row of steps was unpacked to its first. */
export function unpack(steps: ArrayBuffer, length: i32): ArrayBuffer {
  const image = new ArrayBuffer(length);
  const start = changetype<usize>(steps);
  unpackStaticData(start, start + steps.byteLength, changetype<usize>(image));
  return image;
}
