import { callbackName } from "./callback-names";
import { Callback, runningCallback } from "./callbacks";
import { log } from "./logging";

/** The calls of a filter that the SDK refuses in some callbacks, by their bit in `seen`. */
export enum Refused {
  Respond,
  ResumeRequest,
  ResumeResponse,
  Close,
  WriteFields,
  ChangeBody,
  ReadBody,
  AddTrailer,
  Callout,
  GrpcCall,
  GrpcStream,
  GrpcMessage,
}

const CALLBACKS = 32;

/** For each callback the calls that were refused in it: what is wrong in the filter is said once, not once a request. */
const seen = new StaticArray<u32>(CALLBACKS);

/** Logs at error, once for each call and callback in a VM, that a call was refused and why. Returns false. */
export function refuse(call: Refused, name: string, reason: string): bool {
  const callback = runningCallback();
  const place = (<i32>callback) & (CALLBACKS - 1);
  const bit: u32 = 1 << (<u32>call);
  if ((unchecked(seen[place]) & bit) != 0) return false;
  unchecked((seen[place] |= bit));
  log.error(name + " was refused in " + callbackName(callback) + ": " + reason);
  return false;
}
