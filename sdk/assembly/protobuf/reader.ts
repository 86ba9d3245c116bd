import { Bytes } from "../bytes";

enum WireType {
  Varint = 0,
  Fixed64 = 1,
  Bytes = 2,
  Fixed32 = 5,
}

const LONGEST_VARINT = 10;

/**
 * Reads the fields of a protobuf message one by one, in place: `while (reader.next()) if (reader.field == 1) …`. No input
 * traps; what is malformed ends the message early. Source: protobuf.dev, "Encoding".
 */
export class ProtobufReader {
  private at: i32 = 0;
  /** The number of the field that `next` came to. */
  field: u32 = 0;
  /** Its value when it is a number of any type: of a double, its bits. */
  number: u64 = 0;
  /** Its value when it is a string, bytes or a message; no bytes when it is a number. */
  bytes: Bytes = Bytes.EMPTY;
  /** Whether the message ended where no message can end. */
  isMalformed: bool = false;

  constructor(private readonly message: Bytes) {}

  /** Goes to the next field; false at the end. */
  next(): bool {
    if (this.isMalformed || this.at >= this.message.length) return false;
    const tag = this.varint();
    this.field = <u32>(tag >> 3);
    this.number = 0;
    this.bytes = Bytes.EMPTY;
    this.readValue(<WireType>(tag & 7));
    if (this.field == 0) this.isMalformed = true;
    return !this.isMalformed;
  }

  /** The field as a double. */
  get double(): f64 {
    return reinterpret<f64>(this.number);
  }

  private readValue(type: WireType): void {
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
