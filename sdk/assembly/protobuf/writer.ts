import { Bytes } from "../bytes";

/** Writes a protobuf message field by field. Source: protobuf.dev, "Encoding". */
export class ProtobufWriter {
  private readonly parts: u8[] = [];

  /** Adds an integer, an enum or a bool. */
  varint(field: u32, value: u64): this {
    this.push((<u64>field) << 3);
    this.push(value);
    return this;
  }

  /** Adds bytes, a string or a message. */
  bytes(field: u32, value: Bytes): this {
    this.push(((<u64>field) << 3) | 2);
    this.push(value.length);
    for (let i = 0; i < value.length; i++) this.parts.push(value[i]);
    return this;
  }

  /** The message as far as it is written. */
  finish(): Bytes {
    const block = new ArrayBuffer(this.parts.length);
    memory.copy(changetype<usize>(block), this.parts.dataStart, this.parts.length);
    return Bytes.fromBuffer(block);
  }

  private push(value: u64): void {
    for (; value >= 0x80; value >>= 7) this.parts.push(<u8>(value | 0x80));
    this.parts.push(<u8>value);
  }
}
