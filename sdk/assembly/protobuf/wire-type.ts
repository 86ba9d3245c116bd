/** How a field's value is laid out. Source: protobuf.dev, "Encoding", "Message Structure". */
export enum WireType {
  Varint = 0,
  Fixed64 = 1,
  Bytes = 2,
  Fixed32 = 5,
}
