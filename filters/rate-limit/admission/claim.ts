import { log, Stored } from "as-proxy-wasm";
import { Limit } from "../limits/limit";
import { Rule } from "../rules/rule";
import { Place } from "../table/place";
import { Finding, Room } from "./finding";

/** Others were faster so many times: they will be again. */
const MOST_ATTEMPTS = 256;

/** Whether this VM has said that a table is full; it says so once. */
let hasWarned = false;

/** What one rule that this proxy counts has to say of one request. */
export class Claim extends Finding {
  private place: Place | null = null;
  private hasTaken: bool = false;

  constructor(
    rule: Rule,
    readonly limit: Limit,
    /** The moment of the request, by the clock that never goes back. */
    private readonly now: u64,
  ) {
    super(rule);
  }

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

  count(): void {
    super.count();
    if (this.room != Room.TableFull || hasWarned) return;
    log.warn("a key found no place in the table: on_full decides; max_keys may be too low");
    hasWarned = true;
  }

  get isMeasured(): bool {
    return this.room <= Room.No;
  }

  get requests(): u32 {
    return this.limit.requests;
  }

  get windowNanos(): u64 {
    return this.limit.windowNanos;
  }

  get remaining(): u32 {
    const place = this.place;
    return place === null ? 0 : this.limit.algorithm.remaining(place.state, this.now);
  }

  get growsInNanos(): u64 {
    const place = this.place;
    if (place === null) return 0;
    if (this.room == Room.TableFull) return place.firstFreeFrom - this.now;
    return this.isMeasured ? this.limit.algorithm.growsInNanos(place.state, this.now) : 0;
  }
}
