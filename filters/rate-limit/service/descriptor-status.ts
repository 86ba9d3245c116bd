import { Bytes, ProtobufReader } from "as-proxy-wasm";

/** Field numbers of envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus. */
enum Part {
  Code = 1,
  CurrentLimit = 2,
  LimitRemaining = 3,
  DurationUntilReset = 4,
}

const OVER_LIMIT = 2;
const NANOS_PER_SECOND: u64 = 1_000_000_000;
const MOST_SECONDS: u64 = 366 * 86_400;

/** What a service says of one descriptor. */
export class DescriptorStatus {
  isOverLimit: bool = false;
  /** How many requests the window lets pass; 0 when the service has no limit for the descriptor, or lets none pass. */
  requests: u32 = 0;
  /** The length of the window; 0 when the service has no limit for the descriptor. */
  windowNanos: u64 = 0;
  /** How many requests there is room for. */
  remaining: u32 = 0;
  /** After how many nanoseconds the service counts anew; 0 when it does not say. */
  resetNanos: u64 = 0;

  constructor(message: Bytes) {
    const reader = new ProtobufReader(message);
    while (reader.next()) {
      if (reader.field == Part.Code) this.isOverLimit = reader.number == OVER_LIMIT;
      else if (reader.field == Part.CurrentLimit) this.readLimit(reader.bytes);
      else if (reader.field == Part.LimitRemaining) this.remaining = <u32>reader.number;
      else if (reader.field == Part.DurationUntilReset) this.resetNanos = durationNanos(reader.bytes);
    }
  }

  /** That of a key which is known to be refused. */
  static refused(requests: u32, windowNanos: u64, resetNanos: u64): DescriptorStatus {
    const status = new DescriptorStatus(Bytes.EMPTY);
    status.isOverLimit = true;
    status.requests = requests;
    status.windowNanos = windowNanos;
    status.resetNanos = resetNanos;
    return status;
  }

  /** Whether less is left by this one than by another, or as little for longer. */
  isTighterThan(other: DescriptorStatus): bool {
    if (this.isOverLimit != other.isOverLimit) return this.isOverLimit;
    if (this.remaining != other.remaining) return this.remaining < other.remaining;
    return this.resetNanos > other.resetNanos;
  }

  private readLimit(message: Bytes): void {
    const reader = new ProtobufReader(message);
    while (reader.next()) {
      if (reader.field == 1) this.requests = <u32>reader.number;
      else if (reader.field == 2) this.windowNanos = unitSeconds(reader.number) * NANOS_PER_SECOND;
    }
  }
}

/** Source: envoy.service.ratelimit.v3.RateLimitResponse.RateLimit, `Unit`; a month has 30 days, as the service counts. */
function unitSeconds(unit: u64): u64 {
  switch (<u32>unit) {
    case 1:
      return 1;
    case 2:
      return 60;
    case 3:
      return 3_600;
    case 4:
      return 86_400;
    case 5:
      return 30 * 86_400;
    case 6:
      return 365 * 86_400;
    case 7:
      return 7 * 86_400;
    default:
      return 0;
  }
}

/** A google.protobuf.Duration; 0 for one below 0, and at most a year. */
function durationNanos(message: Bytes): u64 {
  let seconds: u64 = 0;
  let nanos: u64 = 0;
  const reader = new ProtobufReader(message);
  while (reader.next()) {
    if (reader.field == 1) seconds = reader.int < 0 ? 0 : min(reader.number, MOST_SECONDS);
    else if (reader.field == 2) nanos = reader.int < 0 ? 0 : min(reader.number, NANOS_PER_SECOND);
  }
  return seconds * NANOS_PER_SECOND + nanos;
}
