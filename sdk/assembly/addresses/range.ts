import { Address } from "./address";
import { Bytes, utf8 } from "../bytes";
import { decimal } from "../bytes/decimal";
import { wholeNumber } from "../bytes/numbers";

/**
 * The addresses that begin with the same bits. A range of IPv6 holds no address of IPv4, also `::/0` does not. Source:
 * RFC 4632, 3.1.
 *
 * @category Conditions
 */
export class AddressRange {
  private constructor(
    private readonly first: Address,
    private readonly bits: i32,
    /** Why the range was refused; null when it is sound. */
    readonly problem: string | null,
  ) {}

  /**
   * Reads `10.0.0.0/8`, `2001:db8::/32`, or one address. A range that is refused, among others for bits behind its prefix
   * that are not 0, says so by `problem`, and holds nothing.
   */
  static parse(text: Bytes): AddressRange {
    const slash = text.indexOf(utf8("/"));
    const first = Address.parse(slash < 0 ? text : text.slice(0, slash));
    if (first === null) return AddressRange.refused("must be an address or a range such as 10.0.0.0/8");
    const most = first.isV4 ? 32 : 128;
    const bits = slash < 0 ? most : prefixLength(text.slice(slash + 1));
    if (bits < 0 || bits > most)
      return AddressRange.refused("must have a prefix of at most " + decimal(most) + " bits");
    const range = new AddressRange(first, bits + 128 - most, null);
    return range.holds(first) ? range : AddressRange.refused("must have no bits behind its prefix");
  }

  private static refused(problem: string): AddressRange {
    return new AddressRange(new Address(0, 0), 0, problem);
  }

  /** Whether an address is in the range. */
  holds(address: Address): bool {
    if (this.problem !== null || this.first.isV4 != address.isV4) return false;
    return address.network(this.bits).equals(this.first);
  }
}

function prefixLength(digits: Bytes): i32 {
  const isPadded = digits.length > 1 && digits[0] == 0x30;
  return isPadded || digits.length > 3 ? -1 : <i32>wholeNumber(digits);
}
