import { Bytes } from "as-proxy-wasm";
import { Abort } from "./abort";
import { Delay } from "../delays/delay";

/** When a stream is reset; the order is that of `RESETS`. */
export enum Reset {
  Never,
  /** Instead of the request going on: the upstream is not reached. */
  Request,
  /** Instead of the response's headers. */
  ResponseHeaders,
  /** Behind the response's headers, instead of its body. */
  ResponseBody,
}

/** Stands for a body that is not cut. */
export const UNCUT: i64 = -1;

/** What is done to a request. */
export class Faults {
  delay: Delay | null = null;
  abort: Abort | null = null;
  reset: Reset = Reset.Never;
  /** How fast the response's body may be; 0 for as fast as it comes. */
  bytesPerSecond: i64 = 0;
  /** How much of the response's body is left, or `UNCUT`. */
  bodyBytes: i64 = UNCUT;

  constructor(
    /** The rule that says so, for the reason code; no bytes for the request's own headers. */
    readonly name: Bytes,
  ) {}

  /** The reason code of an abort. */
  get reason(): string {
    return "fault_injection_abort" + (this.name.length == 0 ? "" : "[" + this.name.toString() + "]");
  }

  /** Whether there is nothing to do. */
  get isNothing(): bool {
    if (this.delay !== null || this.abort !== null || this.reset != Reset.Never) return false;
    return this.bytesPerSecond == 0 && this.bodyBytes == UNCUT;
  }
}
