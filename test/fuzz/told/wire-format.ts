/** A number as protobuf has it. */
export function varint(value: bigint): string {
  return value < 0x80n
    ? String.fromCharCode(Number(value))
    : String.fromCharCode(Number(value & 0x7fn) | 0x80) + varint(value >> 7n);
}

/** A field of bytes: a string, or a message. */
export function bytesField(field: number, bytes: string): string {
  return varint(BigInt(field * 8 + 2)) + varint(BigInt(bytes.length)) + bytes;
}
