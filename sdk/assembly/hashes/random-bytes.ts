import { random_get } from "../abi/imports";
import { Bytes } from "../bytes";
import { makeBytes } from "../encodings/block";

/**
 * So many random bytes, fit for keys. Valid in every phase, and different in each VM: what all workers are to share
 * belongs into shared data. Source: WASI's `random_get`.
 *
 * @category Encodings and hashes
 */
export function randomBytes(length: i32): Bytes {
  const bytes = makeBytes(max(length, 0));
  random_get(bytes.start, bytes.length);
  return bytes;
}
