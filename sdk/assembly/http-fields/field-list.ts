import { Bytes, utf8 } from "../bytes";
import { acceptHeader } from "./syntax";
import { logError } from "../logging";
import { encodePairs } from "./pairs";

/** Envoy 1.40 takes a longer list for an empty one, and says nothing. */
const MOST_FIELDS = 1024;

/** Envoy 1.40 takes a larger block for an empty list, and says nothing. */
const MOST_BYTES = 1 << 20;

/** What one field takes in a block beside its name and value. */
const BYTES_PER_FIELD = 10;

/**
 * Header or trailer fields that a filter writes itself, in their order; a name may occur more than once. At most
 * 1,024 fields and 1 MiB, with 10 bytes for each field: what the host can take in one call. Source: proxy-wasm ABI
 * 0.2.1, "serialized map".
 *
 * @category Headers and trailers
 */
export class FieldList {
  private readonly namesAndValues: Bytes[] = [];
  private byteLength: i32 = 4;

  /** How many fields there are. */
  get size(): i32 {
    return this.namesAndValues.length >> 1;
  }

  /**
   * Adds a field. Refused, which is logged at error, when it is no header or the list would become too long; false
   * then, and the list is as it was.
   */
  add(name: Bytes, value: Bytes): bool {
    if (!acceptHeader(name, value) || !this.hasRoomFor(name, value)) return false;
    this.namesAndValues.push(name);
    this.namesAndValues.push(value);
    this.byteLength += name.length + value.length + BYTES_PER_FIELD;
    return true;
  }

  /** Adds the fields of another list behind those that there are; false when one of them was refused. */
  addAll(other: FieldList): bool {
    let areAdded = true;
    const items = other.namesAndValues;
    for (let i = 0; i < items.length; i += 2) areAdded = this.add(items[i], items[i + 1]) && areAdded;
    return areAdded;
  }

  /** For the SDK: the fields in the host's form; no bytes when there are none. @internal */
  encode(): Bytes {
    return this.namesAndValues.length == 0 ? Bytes.EMPTY : encodePairs(this.namesAndValues);
  }

  private hasRoomFor(name: Bytes, value: Bytes): bool {
    const byteLength = <i64>this.byteLength + name.length + value.length + BYTES_PER_FIELD;
    if (this.size < MOST_FIELDS && byteLength <= MOST_BYTES) return true;
    const text = Bytes.fromInteger(this.size).concat(utf8(" fields, and no room for more"));
    logError(utf8("a header was refused: the list has ").concat(text));
    return false;
  }
}
