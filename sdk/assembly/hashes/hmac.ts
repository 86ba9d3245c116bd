import { Bytes } from "../bytes";
import { makeBytes } from "../encodings/block";
import { BLOCK_LENGTH, sha256, Sha256 } from "./sha256";

const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;

/**
 * HMAC-SHA256 of bytes that come in parts. Compare what a client sent with `equalsConstantTime`. Source: RFC 2104.
 *
 * @category Encodings and hashes
 */
export class HmacSha256 {
  private readonly inner: Sha256 = new Sha256();
  private readonly outer: Sha256 = new Sha256();

  /** Begins with a key of any length; one of more than 64 bytes counts as its SHA-256. */
  constructor(key: Bytes) {
    const short = key.length > BLOCK_LENGTH ? sha256(key) : key;
    this.inner.update(padded(short, INNER_PAD));
    this.outer.update(padded(short, OUTER_PAD));
  }

  /** Adds bytes. */
  update(bytes: Bytes): this {
    this.inner.update(bytes);
    return this;
  }

  /** The 32 bytes of the code; nothing may be added afterwards. */
  digest(): Bytes {
    return this.outer.update(this.inner.digest()).digest();
  }
}

/**
 * The HMAC-SHA256 of parts, one behind the other with nothing between them: whoever signs several fields puts a
 * separator there. Source: RFC 2104.
 *
 * @category Encodings and hashes
 */
export function hmacSha256(key: Bytes, parts: Bytes[]): Bytes {
  const hmac = new HmacSha256(key);
  for (let i = 0; i < parts.length; i++) hmac.update(parts[i]);
  return hmac.digest();
}

/** A key filled up with zeros to a whole block, each byte mixed with the pad. */
function padded(key: Bytes, pad: u8): Bytes {
  const block = makeBytes(BLOCK_LENGTH);
  for (let i = 0; i < BLOCK_LENGTH; i++) store<u8>(block.start + i, key[i] ^ pad);
  return block;
}
