import { Bytes } from "../bytes";

/** A fresh view of so many bytes, to be written by whoever made it; they are not zeroed. */
export function makeBytes(length: i32): Bytes {
  return Bytes.fromBuffer(changetype<ArrayBuffer>(__new(length, idof<ArrayBuffer>())));
}
