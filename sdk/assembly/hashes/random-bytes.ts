import { random_get } from "../abi/imports";
import { Bytes, utf8 } from "../bytes";
import { makeBytes } from "../encodings/block";
import { succeeded } from "../host-calls";

/** Hosts refuse more at once. */
const MOST_AT_ONCE = 65_536;

/**
 * So many random bytes, fit for keys. Valid in every phase, and different in each VM: what all workers are to share
 * belongs into shared data. Traps, which is logged at error, where the host refuses them, as a restriction of the plugin's
 * capabilities lets it: others would know what is there instead. Source: WASI's `random_get`.
 *
 * @category Encodings and hashes
 */
export function randomBytes(length: i32): Bytes {
  const bytes = makeBytes(max(length, 0));
  fillRandomly(bytes.start, bytes.length);
  return bytes;
}

/** Puts random bytes into memory; traps as `randomBytes` does. */
export function fillRandomly(start: usize, length: i32): void {
  for (let at = 0; at < length; at += MOST_AT_ONCE) {
    const status = random_get(start + at, min(length - at, MOST_AT_ONCE));
    if (!succeeded(utf8("random_get"), status)) unreachable();
  }
}
