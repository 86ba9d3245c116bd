import { Bytes } from "as-proxy-wasm";
import { ProtobufReader } from "as-proxy-wasm/assembly/protobuf/reader";
import { readStruct } from "as-proxy-wasm/assembly/protobuf/struct";
import { ProtobufWriter } from "as-proxy-wasm/assembly/protobuf/writer";

/** Each field as `number=value`, bytes as their length; `!` at the end of a malformed message. */
export function read(message: ArrayBuffer): string {
  const reader = new ProtobufReader(Bytes.fromBuffer(message));
  const fields: string[] = [];
  while (reader.next()) {
    const value = reader.bytes.length > 0 ? "#" + reader.bytes.length.toString() : reader.number.toString();
    fields.push(reader.field.toString() + "=" + value);
  }
  if (reader.isMalformed) fields.push("!");
  return fields.join(" ");
}

export function readDouble(message: ArrayBuffer): f64 {
  const reader = new ProtobufReader(Bytes.fromBuffer(message));
  return reader.next() ? reader.double : -1;
}

/** How many members a Struct has. */
export function countMembers(struct: ArrayBuffer): i32 {
  return readStruct(Bytes.fromBuffer(struct)).count;
}

/** What kind of JSON value the first member of a Struct is. */
export function kindOfFirst(struct: ArrayBuffer): i32 {
  const first = readStruct(Bytes.fromBuffer(struct)).first;
  return first === null ? -1 : first.kind;
}

export function write(field: u32, number: u64, bytes: ArrayBuffer): ArrayBuffer {
  const message = new ProtobufWriter()
    .varint(field, number)
    .bytes(field + 1, Bytes.fromBuffer(bytes))
    .finish();
  return changetype<ArrayBuffer>(message.start);
}
