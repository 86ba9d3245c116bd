import { log, Stored } from "as-proxy-wasm";
import { Draws } from "../fraction";
import { Limit } from "../limits/limit";
import { Rule, Verdict } from "../rules/rule";
import { Place } from "../table/place";

/** Others were faster so many times: they will be again. */
const MOST_ATTEMPTS = 256;

/** Whether this VM has said that a table is full; it says so once. */
let hasWarned = false;

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

/** What one rule has to say of one request. */
export class Claim {
  room: Room = Room.Unknown;
  /** Whether the rule refuses the request. */
  isRefusing: bool = false;
  /** Whether the request is answered for it. */
  isEnforced: bool = false;
  private place: Place | null = null;
  private hasTaken: bool = false;

  constructor(
    readonly rule: Rule,
    readonly limit: Limit,
    /** The moment of the request, by the clock that never goes back. */
    private readonly now: u64,
  ) {}

  /** Looks whether there is room at a place of the table. */
  look(place: Place): void {
    this.place = place;
    if (place.isKnown) {
      const wait = this.limit.algorithm.waitNanos(place.state, this.now, 1);
      this.room = wait == 0 ? Room.Yes : Room.No;
    } else this.room = place.findFree(this.now) ? Room.Yes : Room.TableFull;
  }

  /** Takes one unit where there is room; false where another request was faster, and what was found is other now. */
  take(): bool {
    const place = this.place;
    if (place === null || this.room != Room.Yes) return true;
    for (let i = 0; i < MOST_ATTEMPTS && this.room == Room.Yes; i++) {
      this.limit.algorithm.take(place.state, this.now, 1);
      const stored = place.store();
      this.hasTaken = stored == Stored.Yes;
      if (stored != Stored.Lost) break;
      place.read();
      this.look(place);
    }
    if (this.room == Room.Yes && !this.hasTaken) this.room = Room.Unknown;
    return this.hasTaken;
  }

  /** Gives back at a later moment what was taken. */
  giveBack(later: u64): void {
    const place = this.place;
    if (place === null || !this.hasTaken) return;
    this.hasTaken = false;
    for (let i = 0; i < MOST_ATTEMPTS; i++) {
      place.read();
      if (!place.isKnown) return;
      this.limit.algorithm.giveBack(place.state, later, this.now, 1);
      if (place.store() != Stored.Lost) return;
    }
  }

  /** Decides what follows from the room that was found; whether the request is to be answered for it. */
  judge(draws: Draws): bool {
    const policy = this.rule.policy;
    this.isRefusing = this.room == Room.No || this.room == Room.NoKey;
    if (this.room == Room.TableFull) this.isRefusing = policy.onFull == Verdict.Deny;
    if (this.room == Room.Unknown) this.isRefusing = policy.onFailure == Verdict.Deny;
    this.isEnforced = this.isRefusing && !policy.isShadow && policy.enforced.draw(draws);
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
    if (this.room == Room.TableFull) this.countFullTable();
    if (this.room == Room.Unknown) counters.failed.increment();
  }

  private countFullTable(): void {
    this.rule.counters.tableFull.increment();
    if (!hasWarned) log.warn("a key found no place in the table: on_full decides; max_keys may be too low");
    hasWarned = true;
  }

  /** Whether it is known how many requests there is room for. */
  get isMeasured(): bool {
    return this.room <= Room.No;
  }

  /** How many requests there is room for. */
  get remaining(): u32 {
    const place = this.place;
    return place === null ? 0 : this.limit.algorithm.remaining(place.state, this.now);
  }

  /** After how many nanoseconds there is room for more requests than now; 0 when nobody knows. */
  get growsInNanos(): u64 {
    const place = this.place;
    if (place === null) return 0;
    if (this.room == Room.TableFull) return place.firstFreeFrom - this.now;
    return this.isMeasured ? this.limit.algorithm.growsInNanos(place.state, this.now) : 0;
  }
}
