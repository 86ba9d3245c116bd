import { Bytes } from "../bytes";
import { WireType } from "./wire-type";

const LONGEST_VARINT = 10;

/** Field numbers have 29 bits; with the type, a tag has 32. */
const LARGEST_TAG: u64 = u32.MAX_VALUE;

/**
 * Reads the fields of a protobuf message one by one, in place: `while (reader.next()) if (reader.field == 1) …`. A
 * message in a message, and an entry of a map with its key (1) and value (2), is read by a reader of its own. Of a
 * field that is not repeated the last value counts. No input traps; what is malformed ends the message early. Source:
 * protobuf.dev, "Encoding".
 *
 * @category gRPC
 */
export class ProtobufReader {
  private at: i32 = 0;
  private type: WireType = WireType.Varint;
  /** The number of the field that `next` came to. */
  field: u32 = 0;
  /** Its value when it is a number of any type: of a double, float or sint, its bits. */
  number: u64 = 0;
  /** Its value when it is a string, bytes or a message; no bytes when it is a number. */
  bytes: Bytes = Bytes.EMPTY;
  /** Whether the message ended where no message can end. */
  isMalformed: bool = false;

  constructor(
    /** The message in its binary form. */
    private readonly message: Bytes,
  ) {}

  /** Goes to the next field; false at the end. */
  next(): bool {
    if (this.isMalformed || this.at >= this.message.length) return false;
    const tag = this.varint();
    this.field = <u32>(tag >> 3);
    this.number = 0;
    this.bytes = Bytes.EMPTY;
    this.readValue(<WireType>(tag & 7));
    if (this.field == 0 || tag > LARGEST_TAG) this.isMalformed = true;
    return !this.isMalformed;
  }

  /** Whether the field is a string, bytes, a message, or packed numbers. */
  get isBytes(): bool {
    return this.type == WireType.Bytes;
  }

  /** The field as an int32 or int64. */
  get int(): i64 {
    return <i64>this.number;
  }

  /** The field as a sint32 or sint64. */
  get sint(): i64 {
    return (<i64>(this.number >> 1)) ^ -(<i64>(this.number & 1));
  }

  /** The field as an sfixed32; an sfixed64 is its `int`. */
  get sfixed32(): i32 {
    return <i32>this.number;
  }

  /** The field as a bool. */
  get bool(): bool {
    return this.number != 0;
  }

  /** The field as a double. */
  get double(): f64 {
    return reinterpret<f64>(this.number);
  }

  /** The field as a float. */
  get float(): f32 {
    return reinterpret<f32>(<u32>this.number);
  }

  /**
   * Adds the values of a repeated int32, int64, uint32, uint64 or enum, as far as they stand here: packed, or one alone.
   * None when the field is of another type; those before the place that is malformed when the message is. So do all that
   * follow, for each type of numbers.
   */
  appendVarints(values: u64[]): void {
    this.append(values, WireType.Varint, (at: ProtobufReader): u64 => at.number);
  }

  /** As `appendVarints`, for a repeated sint32 or sint64. */
  appendSints(values: i64[]): void {
    this.append(values, WireType.Varint, (at: ProtobufReader): i64 => at.sint);
  }

  /** As `appendVarints`, for a repeated bool. */
  appendBools(values: bool[]): void {
    this.append(values, WireType.Varint, (at: ProtobufReader): bool => at.bool);
  }

  /** As `appendVarints`, for a repeated fixed32. */
  appendFixed32s(values: u32[]): void {
    this.append(values, WireType.Fixed32, (at: ProtobufReader): u32 => <u32>at.number);
  }

  /** As `appendVarints`, for a repeated fixed64. */
  appendFixed64s(values: u64[]): void {
    this.append(values, WireType.Fixed64, (at: ProtobufReader): u64 => at.number);
  }

  /** As `appendVarints`, for a repeated sfixed32. */
  appendSfixed32s(values: i32[]): void {
    this.append(values, WireType.Fixed32, (at: ProtobufReader): i32 => at.sfixed32);
  }

  /** As `appendVarints`, for a repeated sfixed64. */
  appendSfixed64s(values: i64[]): void {
    this.append(values, WireType.Fixed64, (at: ProtobufReader): i64 => at.int);
  }

  /** As `appendVarints`, for a repeated float. */
  appendFloats(values: f32[]): void {
    this.append(values, WireType.Fixed32, (at: ProtobufReader): f32 => at.float);
  }

  /** As `appendVarints`, for a repeated double. */
  appendDoubles(values: f64[]): void {
    this.append(values, WireType.Fixed64, (at: ProtobufReader): f64 => at.double);
  }

  private append<T>(values: T[], type: WireType, value: (at: ProtobufReader) => T): void {
    if (this.type == type) values.push(value(this));
    if (this.type != WireType.Bytes) return;
    const packed = new ProtobufReader(this.bytes);
    while (packed.at < packed.message.length) {
      packed.readValue(type);
      this.isMalformed = packed.isMalformed;
      if (this.isMalformed) return;
      values.push(value(packed));
    }
  }

  private readValue(type: WireType): void {
    this.type = type;
    if (type == WireType.Varint) this.number = this.varint();
    else if (type == WireType.Fixed64) this.number = this.fixed(8);
    else if (type == WireType.Fixed32) this.number = this.fixed(4);
    else if (type == WireType.Bytes) this.bytes = this.take(this.varint());
    else this.isMalformed = true;
  }

  private varint(): u64 {
    let value: u64 = 0;
    for (let i = 0; i < LONGEST_VARINT && this.at < this.message.length; i++) {
      const byte = this.message[this.at++];
      value |= (<u64>(byte & 0x7f)) << (7 * i);
      if (byte < 0x80) return value;
    }
    this.isMalformed = true;
    return 0;
  }

  private fixed(length: i32): u64 {
    const bytes = this.take(length);
    let value: u64 = 0;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8) | bytes[i];
    return value;
  }

  private take(length: u64): Bytes {
    const from = this.at;
    if (length > <u64>(this.message.length - from)) {
      this.isMalformed = true;
      return Bytes.EMPTY;
    }
    this.at += <i32>length;
    return this.message.slice(from, this.at);
  }
}
