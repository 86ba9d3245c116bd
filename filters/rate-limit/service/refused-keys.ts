import { Bytes, SipHash } from "as-proxy-wasm";
import { DescriptorStatus } from "./descriptor-status";

const WAYS = 4;
const NANOS_PER_SECOND: u64 = 1_000_000_000;

/** A key that the service has refused. */
class RefusedKey {
  constructor(
    readonly fingerprint: u64,
    readonly until: u64,
    readonly requests: u32,
    readonly windowNanos: u64,
  ) {}
}

/**
 * The keys that a service has refused lately, so that they need not be asked for until it counts anew. A fixed number of
 * places in the memory of each worker; where there is none the key is forgotten that is free the soonest.
 */
export class RefusedKeys {
  private readonly places: Array<RefusedKey | null>;

  constructor(
    private readonly hash: SipHash,
    most: i32,
  ) {
    this.places = new Array<RefusedKey | null>(((most + WAYS - 1) / WAYS) * WAYS);
  }

  /** Why the key is refused at a moment; null when nothing is known against it. */
  find(key: Bytes, now: u64): DescriptorStatus | null {
    if (this.places.length == 0) return null;
    const fingerprint = this.hash.hash(key);
    const first = this.firstPlaceOf(fingerprint);
    for (let i = first; i < first + WAYS; i++) {
      const known = this.places[i];
      if (known === null || known.fingerprint != fingerprint || known.until <= now) continue;
      return DescriptorStatus.refused(known.requests, known.windowNanos, known.until - now);
    }
    return null;
  }

  /** Keeps a key until a second before the service counts anew: services tell whole seconds, rounded up. */
  keep(key: Bytes, status: DescriptorStatus, now: u64): void {
    if (this.places.length == 0 || status.resetNanos <= NANOS_PER_SECOND) return;
    const fingerprint = this.hash.hash(key);
    const until = now + status.resetNanos - NANOS_PER_SECOND;
    const place = this.placeFor(fingerprint);
    this.places[place] = new RefusedKey(fingerprint, until, status.requests, status.windowNanos);
  }

  /** The key's own place, else that of the key that is free the soonest. */
  private placeFor(fingerprint: u64): i32 {
    const first = this.firstPlaceOf(fingerprint);
    let place = first;
    let soonest = u64.MAX_VALUE;
    for (let i = first; i < first + WAYS; i++) {
      const known = this.places[i];
      if (known !== null && known.fingerprint == fingerprint) return i;
      const until = known === null ? 0 : known.until;
      if (until < soonest) {
        soonest = until;
        place = i;
      }
    }
    return place;
  }

  private firstPlaceOf(fingerprint: u64): i32 {
    const sets = <u64>(this.places.length / WAYS);
    return <i32>(((fingerprint >> 32) * sets) >> 32) * WAYS;
  }
}
