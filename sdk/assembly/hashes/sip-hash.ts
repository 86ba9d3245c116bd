import { Bytes } from "../bytes";
import { randomBytes } from "./random-bytes";

/** How many bytes a key has. */
const KEY_LENGTH = 16;

let v0: u64 = 0;
let v1: u64 = 0;
let v2: u64 = 0;
let v3: u64 = 0;

/**
 * SipHash-2-4, a hash of 64 bits under a secret key: a client that does not know the key cannot choose bytes that meet
 * others in a table. Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF".
 *
 * @category Encodings and hashes
 */
export class SipHash {
  private readonly low: u64;
  private readonly high: u64;

  /** Takes a key of 16 bytes; what is missing counts as zero. Tables that workers share need the same key in each. */
  constructor(key: Bytes) {
    this.low = word(key, 0);
    this.high = word(key, 8);
  }

  /** One with a random key, for tables of this VM. */
  static withRandomKey(): SipHash {
    return new SipHash(randomBytes(KEY_LENGTH));
  }

  /** The hash of the bytes. */
  hash(bytes: Bytes): u64 {
    v0 = this.low ^ 0x736f6d6570736575;
    v1 = this.high ^ 0x646f72616e646f6d;
    v2 = this.low ^ 0x6c7967656e657261;
    v3 = this.high ^ 0x7465646279746573;
    const end = bytes.start + (bytes.length & ~7);
    for (let at = bytes.start; at < end; at += 8) absorb(load<u64>(at));
    absorb(word(bytes, bytes.length & ~7) | ((<u64>bytes.length) << 56));
    v2 ^= 0xff;
    for (let i = 0; i < 4; i++) round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
}

/** The up to eight bytes from `from` on, little-endian; those that are missing are 0. */
function word(bytes: Bytes, from: i32): u64 {
  let bits: u64 = 0;
  for (let i = min(bytes.length, from + 8) - 1; i >= from; i--) bits = (bits << 8) | bytes[i];
  return bits;
}

// @ts-ignore: decorator
@inline
function absorb(bits: u64): void {
  v3 ^= bits;
  round();
  round();
  v0 ^= bits;
}

function round(): void {
  v0 += v1;
  v2 += v3;
  v1 = rotl<u64>(v1, 13) ^ v0;
  v3 = rotl<u64>(v3, 16) ^ v2;
  v0 = rotl<u64>(v0, 32);
  v2 += v1;
  v0 += v3;
  v1 = rotl<u64>(v1, 17) ^ v2;
  v3 = rotl<u64>(v3, 21) ^ v0;
  v2 = rotl<u64>(v2, 32);
}
