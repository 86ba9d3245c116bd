import { Bytes, SeededRandom, utf8 } from "as-proxy-wasm";
import { Rule, Verdict } from "../rules/rule";

/** What a rule finds when it looks at a request. */
export enum Room {
  /** There is room for it. */
  Yes,
  /** The limit is reached. */
  No,
  /** Its key has no place in the table. */
  TableFull,
  /** Nobody knows: the host keeps nothing, others are always faster, or the route's settings are refused. */
  Unknown,
  /** It has not what the key is made of. */
  NoKey,
}

/** What one rule has to say of one request, wherever it is counted. */
export abstract class Finding {
  room: Room = Room.Unknown;
  /** Whether the rule refuses the request. */
  isRefusing: bool = false;
  /** Whether the request is answered for it. */
  isEnforced: bool = false;

  constructor(readonly rule: Rule) {}

  /** Decides what follows from the room that was found; whether the request is to be answered for it. */
  judge(draws: SeededRandom): bool {
    const policy = this.rule.policy;
    this.isRefusing = this.room == Room.No || this.room == Room.NoKey;
    if (this.room == Room.TableFull) this.isRefusing = policy.onFull == Verdict.Deny;
    if (this.room == Room.Unknown) this.isRefusing = policy.onFailure == Verdict.Deny;
    this.isEnforced = this.isRefusing && !policy.isShadow && policy.enforced.drawIfOpen(draws);
    return this.isEnforced;
  }

  /** Counts what was decided. */
  count(): void {
    const counters = this.rule.counters;
    counters.enabled.increment();
    if (this.isRefusing) counters.rateLimited.increment();
    else counters.ok.increment();
    if (this.isEnforced) counters.enforced.increment();
    if (this.isRefusing && this.rule.policy.isShadow) counters.shadowMode.increment();
    if (this.room == Room.TableFull) counters.tableFull.increment();
    if (this.room == Room.Unknown) counters.failed.increment();
  }

  /** What a refusal says in words. */
  get body(): Bytes {
    return utf8("rate limit exceeded");
  }

  /** Whether it is known how many requests there is room for. */
  abstract get isMeasured(): bool;

  /** How many requests the window lets pass. */
  abstract get requests(): u32;

  /** The length of the window; 0 when nobody knows. */
  abstract get windowNanos(): u64;

  /** How many requests there is room for. */
  abstract get remaining(): u32;

  /** After how many nanoseconds there is room for more requests than now; 0 when nobody knows. */
  abstract get growsInNanos(): u64;
}
