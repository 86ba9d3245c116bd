import { Bytes, ProtobufWriter, RequestFacts, utf8 } from "as-proxy-wasm";
import { KeyPart } from "../keys/key-part";
import { LimitOverride } from "./limit-override";

// Field numbers of envoy.extensions.common.ratelimit.v3.RateLimitDescriptor, its Entry and google.protobuf.UInt64Value.
const ENTRIES: u32 = 1;
const LIMIT: u32 = 2;
const HITS_ADDEND: u32 = 3;
const KEY: u32 = 1;
const VALUE: u32 = 2;
const NUMBER: u32 = 1;

/** An entry of a descriptor, whose value is a part of the request. */
export class EntryTemplate {
  constructor(
    readonly key: Bytes,
    readonly value: KeyPart,
  ) {}
}

/** One of the things that a service counts, as far as it is the same for all requests. */
export class DescriptorTemplate {
  constructor(
    private readonly entries: EntryTemplate[],
    /** The limit in place of the service's own; null leaves it. */
    private readonly limit: LimitOverride | null,
    /** How many requests one counts for; -1 leaves it to the rule. */
    private readonly hitsAddend: i64,
  ) {}

  /** The descriptor of a request; null when a value is missing and `isShared` does not have it empty. */
  of(facts: RequestFacts, isShared: bool): Bytes | null {
    const descriptor = new ProtobufWriter();
    for (let i = 0; i < this.entries.length; i++) {
      const value = this.entries[i].value.textOf(facts);
      if (value === null && !isShared) return null;
      const entry = new ProtobufWriter().bytes(KEY, this.entries[i].key);
      descriptor.message(ENTRIES, entry.bytes(VALUE, value === null ? utf8("") : value));
    }
    const limit = this.limit;
    if (limit !== null) descriptor.message(LIMIT, limit.write());
    if (this.hitsAddend >= 0)
      descriptor.message(HITS_ADDEND, new ProtobufWriter().varint(NUMBER, this.hitsAddend));
    return descriptor.finish();
  }
}
