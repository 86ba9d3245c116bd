import { HeaderMapType } from "../abi/types";
import { callbackSerial } from "../callbacks";

// ╒═ what is known of each map, 8 bytes ═══════════════════════════╕
// │ 0  the callback in which it was read last, by its serial      │
// │ 4  whether one value of it was asked for there, or more       │
const MAPS = 8;
const SIZE: usize = 8;
const known: usize = memory.data(MAPS * 8, 4);

enum Reads {
  None,
  One,
  Many,
}

/**
 * Whether a value is better asked for alone: all pairs cost more than one value, and less than two. It is when the
 * callback before this one asked the map for one value and no more, and this one has not asked yet.
 */
export function isAskedAlone(map: HeaderMapType): bool {
  const place = known + <usize>map * SIZE;
  const before = load<u32>(place, 4);
  const isFirst = load<u32>(place) != callbackSerial();
  store<u32>(place, callbackSerial());
  store<u32>(place, isFirst ? Reads.One : Reads.Many, 4);
  return isFirst && before == Reads.One;
}

/** Notes that a map is read for more than one value. */
// @ts-ignore: decorator
@inline
export function noteReads(map: HeaderMapType): void {
  store<u32>(known + <usize>map * SIZE, callbackSerial());
  store<u32>(known + <usize>map * SIZE, Reads.Many, 4);
}
