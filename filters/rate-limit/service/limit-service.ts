import { Bytes, GrpcRequest, ProtobufWriter, utf8 } from "as-proxy-wasm";
import { DescriptorTemplate } from "./descriptor-template";

// Field numbers of envoy.service.ratelimit.v3.RateLimitRequest.
const DOMAIN: u32 = 1;
const DESCRIPTORS: u32 = 2;
const HITS_ADDEND: u32 = 3;

/** A rate-limit service, and what it is asked. Source: envoy.service.ratelimit.v3, `RateLimitService`. */
export class LimitService {
  constructor(
    private readonly cluster: Bytes,
    private readonly domain: Bytes,
    readonly descriptors: DescriptorTemplate[],
    /** How many requests one counts for. */
    private readonly hitsAddend: u32,
    private readonly timeoutMs: u32,
  ) {}

  /** The call that asks for these descriptors. */
  call(descriptors: Bytes[]): GrpcRequest {
    const method = utf8("ShouldRateLimit");
    const call = new GrpcRequest(this.cluster, utf8("envoy.service.ratelimit.v3.RateLimitService"), method);
    const message = new ProtobufWriter().bytes(DOMAIN, this.domain);
    for (let i = 0; i < descriptors.length; i++) message.bytes(DESCRIPTORS, descriptors[i]);
    call.message = message.varint(HITS_ADDEND, this.hitsAddend).finish();
    call.timeoutMs = this.timeoutMs;
    return call;
  }

  /** What no descriptor of another service, or of another domain or weight, has in common with one of this. */
  identify(descriptor: Bytes): Bytes {
    const identity = new ProtobufWriter().bytes(1, this.cluster).bytes(2, this.domain);
    return identity.bytes(3, descriptor).varint(4, this.hitsAddend).finish();
  }
}
