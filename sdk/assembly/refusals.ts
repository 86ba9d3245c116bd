import { Bytes, utf8 } from "./bytes";
import { callbackName } from "./refusals/callback-names";
import { runningCallback } from "./callbacks";
import { logError } from "./logging";

/** The calls of a filter that the SDK refuses in some callbacks, by their bit in `seen`. */
export enum Refused {
  Respond,
  ResumeRequest,
  ResumeResponse,
  Close,
  ChangeBody,
  AddTrailer,
  Callout,
  Done,
  ResumeDownstream,
  PauseUpstream,
  Misplaced,
  GrpcCall,
  GrpcStream,
  GrpcMessage,
  ClearRouteCache,
  DeclareProperty,
}

const CALLBACKS = 32;

/** For each callback the calls that were refused in it: what is wrong in the filter is said once, not once a request. */
const seen: usize = memory.data(CALLBACKS << 2, 4);

/** Logs at error, once for each call and callback in a VM, that a call was refused and why. Returns false. */
export function refuse(call: Refused, name: Bytes, reason: Bytes): bool {
  const callback = runningCallback();
  const place = seen + (((<usize>callback) & (CALLBACKS - 1)) << 2);
  const bit: u32 = 1 << (<u32>call);
  if ((load<u32>(place) & bit) != 0) return false;
  store<u32>(place, load<u32>(place) | bit);
  const what = name.concat(utf8(" was refused in ")).concat(callbackName(callback));
  logError(what.concat(utf8(": ")).concat(reason));
  return false;
}
