import { freeRegion, settleRegion } from "./runtime/collection";
import { beginRegion } from "./runtime/window";

/** The callback of the host that is running. */
export enum Callback {
  /** None: the module is being initialised, and only logging and WASI may be called. */
  None,
  ContextCreate,
  Configure,
  Tick,
  QueueReady,
  RequestHeaders,
  RequestBody,
  RequestTrailers,
  ResponseHeaders,
  ResponseBody,
  ResponseTrailers,
  HttpCallResponse,
  RequestMetadata,
  ResponseMetadata,
  NewConnection,
  DownstreamData,
  UpstreamData,
  DownstreamClose,
  UpstreamClose,
  /** One of those for gRPC calls and streams. */
  Grpc,
  Log,
  Done,
  Delete,
}

let depth = 0;
let serial: u32 = 0;
let turn: u32 = 0;
let running = Callback.None;

/** Notes that the host called; every callback of the ABI begins with it. Returns what `leave` needs. */
// @ts-ignore: decorator
@inline
export function enter(callback: Callback): Callback {
  const interrupted = running;
  if (depth++ == 0) {
    serial++;
    beginRegion();
  }
  turn++;
  running = callback;
  return interrupted;
}

/**
 * Notes that a callback returns; every callback of the ABI ends with it. When the outermost one returns, nothing is
 * on the stack, so that then, and only then, memory is freed.
 */
export function leave(interrupted: Callback): void {
  turn++;
  running = interrupted;
  if (--depth == 0) freeRegion();
}

/**
 * To be called before the filter's code runs: what the SDK has made of late and keeps does not keep what the filter will
 * make. Nothing happens in a nested callback, around which a filter's code runs already.
 */
export function settle(): void {
  if (depth == 1) settleRegion();
}

/** The callback that is running now. */
export function runningCallback(): Callback {
  return running;
}

/** A number that changes with each outermost callback, for what is to be read once in each. */
export function callbackSerial(): u32 {
  return serial;
}

/** Makes what was learnt of the running stream out of date: it changes, or another one is acted on. */
// @ts-ignore: decorator
@inline
export function beginTurn(): void {
  turn++;
}

/**
 * A number that changes whenever a callback begins or ends, a nested one included, when the host's calls act on another
 * stream, and with each change of a header map: what was learnt of the running stream under another number may be that of
 * another stream, be freed, or have changed.
 */
// @ts-ignore: decorator
@inline
export function callbackTurn(): u32 {
  return turn;
}
