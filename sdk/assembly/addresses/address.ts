import { Bytes } from "../bytes";
import { wholeNumber } from "../bytes/numbers";
import { AddressReader, MAPPED } from "./reader";
import { addressText } from "./text";

const LONGEST_PORT = 5;

/**
 * An IP address, in 128 bits; one of IPv4 is its IPv4-mapped form of IPv6, and the two are the same address. Source:
 * RFC 4291, 2.2 and 2.5.5.2.
 *
 * @category Conditions
 */
export class Address {
  /** For the SDK: the address of these bits, the first of them the highest. @internal */
  constructor(
    /** The first 64 bits. */
    readonly high: u64,
    /** The other 64 bits. */
    readonly low: u64,
  ) {}

  /**
   * Reads `10.0.0.1`, `2001:db8::1` or `::ffff:10.0.0.1`; null when it is none. An IPv6 zone, an octet with a leading zero
   * and brackets are refused.
   */
  static parse(text: Bytes): Address | null {
    return new AddressReader(text).readAll();
  }

  /** Reads `10.0.0.1:8080` or `[2001:db8::1]:8080`, as Envoy writes an address; null when it is none. */
  static parseWithPort(text: Bytes): Address | null {
    const isBracketed = text[0] == 0x5b;
    const colon = lastColon(text);
    if (colon < 0 || !isPort(text.slice(colon + 1))) return null;
    if (isBracketed != (text[colon - 1] == 0x5d)) return null;
    const address = isBracketed ? text.slice(1, colon - 1) : text.slice(0, colon);
    return isBracketed == lastColon(address) >= 0 ? Address.parse(address) : null;
  }

  /** Whether this is an address of IPv4. */
  get isV4(): bool {
    return this.high == 0 && this.low >> 32 == MAPPED >> 32;
  }

  /** Whether both are the same address. */
  equals(other: Address): bool {
    return this.high == other.high && this.low == other.low;
  }

  /** The network that it is in, of so many bits from 0 to 128, those in front of an address of IPv4 included: its first address. */
  network(bits: i32): Address {
    return new Address(this.high & mask(min(bits, 64)), this.low & mask(max(bits - 64, 0)));
  }

  /**
   * `10.0.0.1`, or `2001:db8::1`: in lower case, without zeros before a group, and the first of the longest rows of zeros as
   * `::`. Source: RFC 5952, 4.
   */
  toText(): Bytes {
    return addressText(this);
  }

  /** The 16 bytes of the address, the first of them the highest: a key that no other spelling of it changes. */
  toBytes(): Bytes {
    const block = new ArrayBuffer(16);
    store<u64>(changetype<usize>(block), bswap(this.high));
    store<u64>(changetype<usize>(block), bswap(this.low), 8);
    return Bytes.fromBuffer(block);
  }
}

function lastColon(text: Bytes): i32 {
  let at = text.length - 1;
  while (at >= 0 && text[at] != 0x3a) at--;
  return at;
}

/** Whether this is a port: one to five digits. */
export function isPort(text: Bytes): bool {
  return text.length <= LONGEST_PORT && wholeNumber(text) >= 0;
}

/** So many ones, then zeros. */
function mask(bits: i32): u64 {
  return bits == 0 ? 0 : u64.MAX_VALUE << (64 - bits);
}
