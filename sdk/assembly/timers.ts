import { proxy_set_tick_period_milliseconds } from "./abi/imports";
import { monotonicTimeNanos } from "./clocks";
import { Context, findContext } from "./contexts";
import { actAs, actAsBefore, actFor } from "./effective-context";
import { succeeded } from "./host-calls";
import { PluginPart } from "./plugin/parts";
import { utf8 } from "./bytes";

const NANOS_PER_MS: u64 = 1_000_000;

/**
 * By how much a timer may be early. Envoy's event loop counts with a clock that stands still for up to 4 ms; to wait for the
 * rest would be later than what Envoy's own timers do, which are early by as much.
 */
const MOST_EARLY_NANOS: i64 = 4 * NANOS_PER_MS;

/**
 * What is to happen later. Extend it with what `onTime` needs as fields, and set it by `after` or `every` of an HTTP
 * filter or a plugin. It may happen up to 4 ms early, as far as the host's ticks are, as Envoy's own timers may. Source:
 * proxy-wasm ABI 0.2.1, "Timers".
 *
 * @category Timers and clocks
 */
export abstract class Timer {
  /** For the SDK, as all fields: the timer that is due next after this one. @internal */
  next: Timer | null = null;
  /** For the SDK: the timer that is due before this one. @internal */
  before: Timer | null = null;
  /** For the SDK. @internal */
  timers: Timers | null = null;
  /** For the SDK: the stream that set it; null when it was the plugin. @internal */
  stream: Context | null = null;
  /** For the SDK. @internal */
  deadlineNanos: u64 = 0;
  /** For the SDK: 0 when it is to happen once. @internal */
  periodNanos: u64 = 0;

  /**
   * The time has come. Runs in the stream that set the timer, which may be answered, resumed and changed here as far as
   * it is still held, and never once that stream is over. A timer that the plugin set runs in the plugin, with no stream:
   * headers are none of its, and a stream is answered or resumed through its filter. Timers may be set and cancelled
   * here, this one too.
   */
  abstract onTime(): void;

  /** Whether it is to happen, or to happen again. */
  get isSet(): bool {
    return this.timers !== null;
  }

  /** Takes it back; nothing happens when it is not set. Valid in every callback. */
  cancel(): void {
    const timers = this.timers;
    if (timers !== null) timers.remove(this);
  }
}

/**
 * The timers of one plugin, on the one tick that the host has for it: the tick is set to the earliest deadline, and
 * stopped while no timer is set. Source: proxy-wasm ABI 0.2.1, "Timers".
 */
export class Timers extends PluginPart {
  /** The timers by their deadlines, the earliest first. */
  private first: Timer | null = null;
  private last: Timer | null = null;
  /** The deadline that the host's tick is set for; 0 when it is stopped. */
  private armedForNanos: u64 = 0;
  /** When the host was asked to let the tick run. */
  private tickNanos: u64 = 0;
  /** By how much ticks were early, at most: for so long, as far as is known, the host's clock stands still. */
  private earlyNanos: i64 = 0;
  /** While a tick runs, up to when it takes what is due; 0 otherwise. */
  private dueNanos: u64 = 0;

  constructor(private readonly pluginContextId: u32) {
    super();
  }

  /** Sets a timer, in place of what it was set for before; at least 1 ms ahead. */
  set(timer: Timer, stream: Context | null, delayMs: u32, periodMs: u32): void {
    if (timer.timers === this) this.unlink(timer);
    else timer.cancel();
    timer.periodNanos = <u64>periodMs * NANOS_PER_MS;
    const now = max(monotonicTimeNanos(), this.dueNanos); // what is set in a tick is not due in it
    this.insert(timer, stream, now + <u64>max<u32>(delayMs, 1) * NANOS_PER_MS);
    this.arm(now, 0);
  }

  /** Forgets a timer that is one of these. */
  remove(timer: Timer): void {
    this.unlink(timer);
    this.arm(monotonicTimeNanos(), 0);
  }

  /**
   * Runs what is due; the host's tick. What is due before the host's clock goes on runs now: a tick for it would come when
   * the clock has gone on, and thus late.
   */
  runDue(): void {
    const now = monotonicTimeNanos();
    const early = min(max(this.earlyNanos, <i64>(this.tickNanos - now)), MOST_EARLY_NANOS);
    const due = now + early;
    this.earlyNanos = early;
    this.dueNanos = due;
    let timer = this.first;
    while (timer !== null && timer.deadlineNanos <= due) {
      const stream = timer.stream;
      this.unlink(timer);
      if (timer.periodNanos != 0) this.insert(timer, stream, nextDeadline(timer, due));
      run(timer, stream);
      timer = this.first;
    }
    this.dueNanos = 0;
    this.armedForNanos = u64.MAX_VALUE; // the host repeats its last period
    this.arm(now, early);
  }

  /** Most timers are set for later than those that are there: their place is looked for from the end. */
  private insert(timer: Timer, stream: Context | null, deadlineNanos: u64): void {
    timer.deadlineNanos = deadlineNanos;
    timer.timers = this;
    timer.stream = stream;
    let before = this.last;
    while (before !== null && before.deadlineNanos > deadlineNanos) before = before.before;
    const next = before === null ? this.first : before.next;
    this.join(before, timer);
    this.join(timer, next);
  }

  private unlink(timer: Timer): void {
    this.join(timer.before, timer.next);
    timer.before = null;
    timer.next = null;
    timer.timers = null;
    timer.stream = null;
  }

  /** Makes two timers neighbours; null stands for an end. */
  private join(before: Timer | null, next: Timer | null): void {
    if (before === null) this.first = next;
    else before.next = next;
    if (next === null) this.last = before;
    else next.before = before;
  }

  /** Sets the tick for so long before the earliest deadline, counted from a moment. */
  private arm(nowNanos: u64, earlyNanos: u64): void {
    if (this.dueNanos != 0) return; // once, when all have run
    const first = this.first;
    const deadline = first === null ? 0 : first.deadlineNanos;
    if (deadline == this.armedForNanos) return;
    this.armedForNanos = deadline;
    this.tickNanos = deadline - earlyNanos;
    const periodMs = deadline == 0 ? 0 : msUntil(this.tickNanos, nowNanos);
    const before = actFor(this.pluginContextId);
    succeeded(utf8("proxy_set_tick_period_milliseconds"), proxy_set_tick_period_milliseconds(periodMs));
    actAsBefore(before);
  }
}

/** Runs a timer where it belongs; one whose stream is over ends with it. */
function run(timer: Timer, stream: Context | null): void {
  if (stream === null) return timer.onTime();
  if (findContext(stream.contextId) !== stream) return timer.cancel();
  const before = actAs(stream.contextId);
  timer.onTime();
  actAsBefore(before);
}

/** A period after the last deadline, or as many as it takes; what was missed meanwhile is not made up for. */
function nextDeadline(timer: Timer, dueNanos: u64): u64 {
  return dueNanos - ((dueNanos - timer.deadlineNanos) % timer.periodNanos) + timer.periodNanos;
}

/** Rounded up, and at least 1: a tick must not come early, and 0 would stop it. */
function msUntil(tickNanos: u64, nowNanos: u64): u32 {
  return tickNanos <= nowNanos ? 1 : <u32>((tickNanos - nowNanos + NANOS_PER_MS - 1) / NANOS_PER_MS);
}
