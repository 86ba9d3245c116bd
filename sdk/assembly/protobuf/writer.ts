import { Bytes } from "../bytes";
import { WireType } from "./wire-type";

const FIRST_CAPACITY = 64;
const LONGEST_VARINT = 10;

/**
 * Writes a protobuf message field by field: `new ProtobufWriter().string(1, utf8("me")).varint(2, 7).finish()`. Fields
 * stand in the order in which they are added; a repeated field is added once a value, and so is a map, whose entries
 * are messages of key (1) and value (2). Source: protobuf.dev, "Encoding".
 *
 * @category gRPC
 */
export class ProtobufWriter {
  private block: ArrayBuffer = new ArrayBuffer(FIRST_CAPACITY);
  private length: i32 = 0;

  /** Adds an int32, int64, uint32, uint64 or enum; a negative number by its 64 bits, `<u64>(-1)`. */
  varint(field: u32, value: u64): this {
    this.tag(field, WireType.Varint);
    this.push(value);
    return this;
  }

  /** Adds a sint32 or sint64. */
  sint(field: u32, value: i64): this {
    return this.varint(field, zigzag(value));
  }

  /** Adds a bool. */
  bool(field: u32, value: bool): this {
    return this.varint(field, value ? 1 : 0);
  }

  /** Adds a fixed32. */
  fixed32(field: u32, value: u32): this {
    this.tag(field, WireType.Fixed32);
    store<u32>(this.room(4), value);
    return this;
  }

  /** Adds a fixed64. */
  fixed64(field: u32, value: u64): this {
    this.tag(field, WireType.Fixed64);
    store<u64>(this.room(8), value);
    return this;
  }

  /** Adds an sfixed32. */
  sfixed32(field: u32, value: i32): this {
    return this.fixed32(field, <u32>value);
  }

  /** Adds an sfixed64. */
  sfixed64(field: u32, value: i64): this {
    return this.fixed64(field, <u64>value);
  }

  /** Adds a float. */
  float(field: u32, value: f32): this {
    return this.fixed32(field, reinterpret<u32>(value));
  }

  /** Adds a double. */
  double(field: u32, value: f64): this {
    return this.fixed64(field, reinterpret<u64>(value));
  }

  /** Adds bytes, a string in UTF-8, or a message that is written already. */
  bytes(field: u32, value: Bytes): this {
    this.tag(field, WireType.Bytes);
    this.push(value.length);
    memory.copy(this.room(value.length), value.start, value.length);
    return this;
  }

  /** Adds a string. */
  string(field: u32, value: string): this {
    return this.bytes(field, Bytes.fromString(value));
  }

  /** Adds a message, or an entry of a map. */
  message(field: u32, message: ProtobufWriter): this {
    return this.bytes(field, message.finish());
  }

  /** Adds a repeated int32, int64, uint32, uint64 or enum in packed form; nothing for no values. So do all that follow. */
  packedVarints(field: u32, values: u64[]): this {
    return this.packed(field, values, (value: u64): u64 => value);
  }

  /** Adds a repeated sint32 or sint64 in packed form. */
  packedSints(field: u32, values: i64[]): this {
    return this.packed(field, values, zigzag);
  }

  /** Adds a repeated bool in packed form. */
  packedBools(field: u32, values: bool[]): this {
    return this.packed(field, values, (value: bool): u64 => (value ? 1 : 0));
  }

  /** Adds a repeated fixed32 in packed form. */
  packedFixed32s(field: u32, values: u32[]): this {
    return this.packedAsTheyAre(field, values);
  }

  /** Adds a repeated fixed64 in packed form. */
  packedFixed64s(field: u32, values: u64[]): this {
    return this.packedAsTheyAre(field, values);
  }

  /** Adds a repeated sfixed32 in packed form. */
  packedSfixed32s(field: u32, values: i32[]): this {
    return this.packedAsTheyAre(field, values);
  }

  /** Adds a repeated sfixed64 in packed form. */
  packedSfixed64s(field: u32, values: i64[]): this {
    return this.packedAsTheyAre(field, values);
  }

  /** Adds a repeated float in packed form. */
  packedFloats(field: u32, values: f32[]): this {
    return this.packedAsTheyAre(field, values);
  }

  /** Adds a repeated double in packed form. */
  packedDoubles(field: u32, values: f64[]): this {
    return this.packedAsTheyAre(field, values);
  }

  /** The message as far as it is written, in a copy. */
  finish(): Bytes {
    const message = new ArrayBuffer(this.length);
    memory.copy(changetype<usize>(message), changetype<usize>(this.block), this.length);
    return Bytes.fromBuffer(message);
  }

  private packed<T>(field: u32, values: T[], varintOf: (value: T) => u64): this {
    if (values.length == 0) return this;
    const numbers = new ProtobufWriter();
    for (let i = 0; i < values.length; i++) numbers.push(varintOf(values[i]));
    return this.message(field, numbers);
  }

  /** Numbers of fixed length are in memory what they are in a message: little-endian, one behind the other. */
  private packedAsTheyAre<T>(field: u32, values: T[]): this {
    const length = values.length * sizeof<T>();
    if (length == 0) return this;
    this.tag(field, WireType.Bytes);
    this.push(length);
    memory.copy(this.room(<i32>length), values.dataStart, length);
    return this;
  }

  private tag(field: u32, type: WireType): void {
    this.push(((<u64>field) << 3) | type);
  }

  private push(value: u64): void {
    const start = this.room(LONGEST_VARINT);
    let at = start;
    for (; value >= 0x80; value >>= 7) store<u8>(at++, <u8>(value | 0x80));
    store<u8>(at++, <u8>value);
    this.length -= LONGEST_VARINT - <i32>(at - start);
  }

  /** The address of so many new bytes; valid until more are asked for. */
  private room(length: i32): usize {
    const end = this.length + length;
    if (end > this.block.byteLength) this.grow(end);
    const start = changetype<usize>(this.block) + this.length;
    this.length = end;
    return start;
  }

  private grow(length: i32): void {
    const larger = new ArrayBuffer(max(length, this.block.byteLength << 1));
    memory.copy(changetype<usize>(larger), changetype<usize>(this.block), this.length);
    this.block = larger;
  }
}

function zigzag(value: i64): u64 {
  return <u64>((value << 1) ^ (value >> 63));
}
