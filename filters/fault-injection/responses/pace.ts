import { Action, HttpFilter, monotonicTimeNanos, Timer } from "as-proxy-wasm";
import { FaultConfiguration } from "../config";
import { FaultPlugin } from "../plugin";

const NANOS_PER_MS: u64 = 1_000_000;
const NANOS_PER_SECOND: u64 = 1_000_000_000;

/** Larger bodies are counted as this, so that no time overflows. */
const LARGEST_PIECE: u64 = 1 << 33;

/** Holds a body back piece by piece: no byte goes on before so many could have been sent. */
export class Pace extends Timer {
  /** When all that has come so far may go on. */
  private dueNanos: u64 = 0;

  constructor(
    private readonly filter: HttpFilter<FaultConfiguration, FaultPlugin>,
    private readonly bytesPerSecond: u64,
  ) {
    super();
  }

  /** A piece of so many bytes has come. */
  hold(byteLength: u64): Action {
    const now = monotonicTimeNanos();
    const nanos = (min(byteLength, LARGEST_PIECE) * NANOS_PER_SECOND) / this.bytesPerSecond;
    this.dueNanos = max(this.dueNanos, now) + nanos;
    if (this.dueNanos <= now) return Action.Continue;
    this.filter.after(msFrom(now, this.dueNanos), this);
    return Action.PauseSender;
  }

  onTime(): void {
    this.filter.resumeResponse();
  }
}

/** Rounded up: nothing goes on early. */
function msFrom(now: u64, dueNanos: u64): u32 {
  return <u32>min((dueNanos - now + NANOS_PER_MS - 1) / NANOS_PER_MS, <u64>u32.MAX_VALUE);
}
