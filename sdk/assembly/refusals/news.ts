import { Bytes } from "../bytes";
import { runningCallback } from "../callbacks";

// An object that stands for a literal, as the transform makes it. Nobody reads its size, so that the bits above it are
// free: one for each callback.
//
// │ 0 │ 0 │ class │ told, size │ owner │ start │ length │
//                 └ TOLD       └ the object's address

const TOLD = 4;
const FIRST_BIT: u32 = 1 << 5;

/** Whether a literal is told for the first time in the callback that runs: what is wrong is said once, not once a request. */
export function isNews(literal: Bytes): bool {
  const place = changetype<usize>(literal) - TOLD;
  const bit: u32 = FIRST_BIT << runningCallback();
  if ((load<u32>(place) & bit) != 0) return false;
  store<u32>(place, load<u32>(place) | bit);
  return true;
}
