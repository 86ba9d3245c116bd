import { ProtobufWriter } from "as-proxy-wasm";

// Field numbers of envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.RateLimitOverride.
const REQUESTS_PER_UNIT: u32 = 1;
const UNIT: u32 = 2;

/** A limit that a service is to apply in place of its own. */
export class LimitOverride {
  constructor(
    private readonly requestsPerUnit: u32,
    /** Source: envoy.type.v3, `RateLimitUnit`. */
    private readonly unit: u32,
  ) {}

  write(): ProtobufWriter {
    return new ProtobufWriter().varint(REQUESTS_PER_UNIT, this.requestsPerUnit).varint(UNIT, this.unit);
  }
}
