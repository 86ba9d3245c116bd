import { Bytes, utf8 } from "../bytes";
import { Refused, refuse } from "../refusals";

/** A handler that asks again whenever it is told that nothing was sent would never come to an end. */
const MOST = 8;

let depth = 0;

/** Whether a handler may be told at once that its call was not sent; `afterUnsent` follows. Logs why not. */
export function mayTellUnsent(call: Refused, name: Bytes): bool {
  if (depth >= MOST)
    return refuse(call, name, utf8("its handler asks again each time that nothing is sent: let a timer ask"));
  depth++;
  return true;
}

/** The handler has been told. */
export function afterUnsent(): void {
  depth--;
}
