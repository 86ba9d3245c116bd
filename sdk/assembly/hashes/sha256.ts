import { Bytes } from "../bytes";
import { makeBytes } from "../encodings/block";

/** How many bytes a digest has. */
export const DIGEST_LENGTH: i32 = 32;

/** How many bytes are compressed in one step. */
export const BLOCK_LENGTH: i32 = 64;

/** Where the length of the message stands in its last block. */
const LENGTH_AT: i32 = BLOCK_LENGTH - 8;

// The roots of the first 64 primes: FIPS 180-4, section 4.2.2.
// prettier-ignore
// @ts-ignore: decorator
@lazy
const ROUND_CONSTANTS: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

// @ts-ignore: decorator
@lazy
const INITIAL_STATE: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** The message schedule of the block that is being compressed: nothing else runs meanwhile. */
// @ts-ignore: decorator
@lazy
const schedule: usize = memory.data(256, 4);

/**
 * SHA-256 of bytes that come in parts: `new Sha256().update(a).update(b).digest()`. Source: FIPS 180-4.
 *
 * @category Encodings and hashes
 */
export class Sha256 {
  private readonly state: Bytes = makeBytes(DIGEST_LENGTH);
  private readonly block: Bytes = makeBytes(BLOCK_LENGTH);
  private length: u64 = 0;

  constructor() {
    memory.copy(this.state.start, INITIAL_STATE, DIGEST_LENGTH);
  }

  /** Adds bytes. */
  update(bytes: Bytes): this {
    const filled = <i32>(this.length % BLOCK_LENGTH);
    this.length += bytes.length;
    let from = 0;
    if (filled != 0) {
      from = min(bytes.length, BLOCK_LENGTH - filled);
      memory.copy(this.block.start + filled, bytes.start, from);
      if (filled + from < BLOCK_LENGTH) return this;
      compress(this.state.start, this.block.start);
    }
    for (; bytes.length - from >= BLOCK_LENGTH; from += BLOCK_LENGTH)
      compress(this.state.start, bytes.start + from);
    memory.copy(this.block.start, bytes.start + from, bytes.length - from);
    return this;
  }

  /** The 32 bytes of the digest; nothing may be added afterwards. */
  digest(): Bytes {
    const bits = this.length << 3;
    const block = this.block.start;
    let filled = <i32>(this.length % BLOCK_LENGTH);
    store<u8>(block + filled++, 0x80);
    if (filled > LENGTH_AT) {
      memory.fill(block + filled, 0, BLOCK_LENGTH - filled);
      compress(this.state.start, block);
      filled = 0;
    }
    memory.fill(block + filled, 0, LENGTH_AT - filled);
    store<u64>(block + LENGTH_AT, bswap(bits));
    compress(this.state.start, block);
    const digest = makeBytes(DIGEST_LENGTH);
    for (let i = 0; i < DIGEST_LENGTH; i += 4)
      store<u32>(digest.start + i, bswap(load<u32>(this.state.start + i)));
    return digest;
  }
}

/**
 * The SHA-256 digest of bytes, 32 bytes. Source: FIPS 180-4.
 *
 * @category Encodings and hashes
 */
export function sha256(bytes: Bytes): Bytes {
  return new Sha256().update(bytes).digest();
}

/** Mixes a block of 64 bytes into the eight words of a state. */
function compress(state: usize, block: usize): void {
  expand(block);
  let a = load<u32>(state, 0);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  let e = load<u32>(state, 16);
  let f = load<u32>(state, 20);
  let g = load<u32>(state, 24);
  let h = load<u32>(state, 28);
  for (let at: usize = 0; at < 256; at += 4) {
    const mixed = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
    const first =
      h + mixed + ((e & f) ^ (~e & g)) + load<u32>(ROUND_CONSTANTS + at) + load<u32>(schedule + at);
    const second = (rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  store<u32>(state, load<u32>(state, 0) + a, 0);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
  store<u32>(state, load<u32>(state, 16) + e, 16);
  store<u32>(state, load<u32>(state, 20) + f, 20);
  store<u32>(state, load<u32>(state, 24) + g, 24);
  store<u32>(state, load<u32>(state, 28) + h, 28);
}

/** Makes the 64 words of the schedule out of the 16 of a block. */
function expand(block: usize): void {
  for (let at: usize = 0; at < 64; at += 4) store<u32>(schedule + at, bswap(load<u32>(block + at)));
  for (let at: usize = 0; at < 192; at += 4) {
    const early = load<u32>(schedule + at, 4);
    const late = load<u32>(schedule + at, 56);
    const fromEarly = rotr<u32>(early, 7) ^ rotr<u32>(early, 18) ^ (early >> 3);
    const fromLate = rotr<u32>(late, 17) ^ rotr<u32>(late, 19) ^ (late >> 10);
    const word = load<u32>(schedule + at) + fromEarly + load<u32>(schedule + at, 36) + fromLate;
    store<u32>(schedule + at, word, 64);
  }
}
