import { Bytes, utf8 } from "../bytes";
import { hexValue } from "../encodings/hex-digits";
import { Address } from "./address";

/** What stands before the 32 bits of an IPv4 address in its IPv6 form, `::ffff:10.0.0.1`. */
export const MAPPED: u64 = 0xffff_0000_0000;

/** Reads one address from a text. */
export class AddressReader {
  private at: i32 = 0;
  /** The groups of 16 bits that were read so far, of IPv6 those behind the gap, and how many there are in all. */
  private high: u64 = 0;
  private low: u64 = 0;
  private count: i32 = 0;

  constructor(private readonly text: Bytes) {}

  /** The address, when the text is one and nothing else. */
  readAll(): Address | null {
    if (this.text.length > 45) return null;
    if (this.text.indexOf(utf8(":")) >= 0) return this.readV6();
    const octets = this.readV4();
    return octets < 0 || !this.isAtEnd ? null : new Address(0, MAPPED | (<u64>octets));
  }

  private readV6(): Address | null {
    let gap = -1;
    // what stands before the gap
    let high: u64 = 0;
    let low: u64 = 0;
    if (this.takesGap()) gap = 0;
    while (!this.isAtEnd) {
      if (!this.readGroups()) return null;
      if (this.isAtEnd) break;
      if (this.takesGap()) {
        if (gap >= 0) return null;
        gap = this.count;
        high = this.high;
        low = this.low;
        this.high = this.low = 0;
      } else if (!this.takes(0x3a) || this.isAtEnd) return null;
    }
    if (gap < 0 ? this.count != 8 : this.count > 7) return null;
    for (let i = gap; i < 8; i++) {
      high = (high << 16) | (low >> 48);
      low <<= 16;
    }
    return new Address(high | this.high, low | this.low);
  }

  /** Reads a group of up to four hexadecimal digits, or the IPv4 address that stands for the last two. */
  private readGroups(): bool {
    const start = this.at;
    let group: u64 = 0;
    for (let digit = this.digit; digit >= 0 && this.at < start + 4; digit = this.digit) {
      group = (group << 4) | (<u64>digit);
      this.at++;
    }
    if (this.text[this.at] == 0x2e) return this.readEmbedded(start);
    return this.at > start && this.push(group);
  }

  private readEmbedded(start: i32): bool {
    this.at = start;
    const octets = this.readV4();
    if (octets < 0 || !this.isAtEnd) return false;
    return this.push((<u64>octets) >> 16) && this.push((<u64>octets) & 0xffff);
  }

  /** Four octets; -1 when there are none. */
  private readV4(): i64 {
    let octets: i64 = 0;
    for (let i = 0; i < 4; i++) {
      const octet = i == 0 || this.takes(0x2e) ? this.readOctet() : -1;
      if (octet < 0) return -1;
      octets = (octets << 8) | octet;
    }
    return octets;
  }

  /** A number up to 255 without a leading zero, which some take for an octal one; -1 when there is none. */
  private readOctet(): i64 {
    const start = this.at;
    let octet: i64 = 0;
    for (; <u32>this.text[this.at] - 0x30 < 10 && this.at < start + 3; this.at++)
      octet = octet * 10 + (this.text[this.at] - 0x30);
    const length = this.at - start;
    return length == 0 || octet > 255 || (length > 1 && this.text[start] == 0x30) ? -1 : octet;
  }

  private push(group: u64): bool {
    this.high = (this.high << 16) | (this.low >> 48);
    this.low = (this.low << 16) | group;
    return ++this.count <= 8;
  }

  private takesGap(): bool {
    if (this.text[this.at] != 0x3a || this.text[this.at + 1] != 0x3a) return false;
    this.at += 2;
    return true;
  }

  private takes(byte: u8): bool {
    if (this.text[this.at] != byte) return false;
    this.at++;
    return true;
  }

  private get digit(): i32 {
    return hexValue(this.text[this.at]);
  }

  private get isAtEnd(): bool {
    return this.at >= this.text.length;
  }
}
