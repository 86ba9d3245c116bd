import { Bytes, JsonObject } from "as-proxy-wasm";
import { Algorithm } from "../algorithms/algorithm";
import { BurstAtAPace } from "../algorithms/burst-at-a-pace";
import { Pace } from "../algorithms/pace";
import { SlidingWindow } from "../algorithms/sliding-window";
import { Limit } from "./limit";

/** How a limit spreads requests over time; the order is that of `ALGORITHMS`. */
enum Kind {
  TokenBucket,
  Gcra,
  SlidingWindow,
}

const ALGORITHMS = ["token_bucket", "gcra", "sliding_window"];
const PERIODS = ["second", "minute", "hour", "day"];
const WINDOWS = ["per", "window_ms"];

const MOST_REQUESTS: i64 = 1_000_000_000;
const MOST_WINDOW_MS: i64 = 31 * 86_400_000;
const NANOS_PER_MS: u64 = 1_000_000;

/** Reads a limit from an object. */
export function readLimit(json: JsonObject): Limit {
  const requests = <u32>json.integer("requests", 1, MOST_REQUESTS);
  const windowNanos = readWindowMs(json) * NANOS_PER_MS;
  const kind: Kind = json.oneOfOr("algorithm", ALGORITHMS, Kind.TokenBucket);
  const burst = readBurst(json, kind, requests);
  const algorithm = makeAlgorithm(json, kind, new Pace(requests, windowNanos), burst);
  return new Limit(algorithm, requests, windowNanos, identityOf(kind, requests, burst, windowNanos));
}

function makeAlgorithm(json: JsonObject, kind: Kind, pace: Pace, burst: u32): Algorithm {
  if (kind == Kind.SlidingWindow) return new SlidingWindow(pace.requests, pace.windowNanos);
  if (!pace.canFill(burst)) json.refuse("burst", "must be there again within a year");
  return new BurstAtAPace(pace, burst);
}

function readWindowMs(json: JsonObject): u64 {
  if (json.oneKeyOf(WINDOWS) == 1) return json.integer("window_ms", 1, MOST_WINDOW_MS);
  const period = json.oneOf("per", PERIODS);
  return period == 0 ? 1_000 : period == 1 ? 60_000 : period == 2 ? 3_600_000 : 86_400_000;
}

/** A token bucket begins full; a schedule has its requests one by one, if nobody says otherwise. */
function readBurst(json: JsonObject, kind: Kind, requests: u32): u32 {
  if (kind != Kind.SlidingWindow) {
    const absent = kind == Kind.Gcra ? 1 : <i64>requests;
    return <u32>json.integerOr("burst", 1, MOST_REQUESTS, absent);
  }
  if (json.has("burst")) json.refuse("burst", "is of token_bucket and gcra: a sliding_window has none");
  return requests;
}

function identityOf(kind: Kind, requests: u32, burst: u32, windowNanos: u64): Bytes {
  const identity = Bytes.fromBuffer(new ArrayBuffer(17));
  store<u8>(identity.start, <u8>kind);
  store<u32>(identity.start, requests, 1);
  store<u32>(identity.start, burst, 5);
  store<u64>(identity.start, windowNanos, 9);
  return identity;
}
