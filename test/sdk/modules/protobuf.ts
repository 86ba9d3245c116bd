import { Bytes } from "as-proxy-wasm";
import { ProtobufReader } from "as-proxy-wasm/assembly/protobuf/reader";
import { readStruct } from "as-proxy-wasm/assembly/protobuf/struct";
import { ProtobufWriter } from "as-proxy-wasm/assembly/protobuf/writer";
import { repack } from "./packed";

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

/** All types of numbers, in the fields 1 to 7, 10 and 11, a string and a message that has one. */
export function writeAll(integer: i64, real: f64): ArrayBuffer {
  const message = new ProtobufWriter()
    .varint(1, <u64>integer)
    .sint(2, integer)
    .bool(3, integer != 0)
    .fixed32(4, <u32>integer)
    .fixed64(5, <u64>integer)
    .float(6, <f32>real)
    .double(7, real)
    .string(8, "tëxt")
    .message(9, new ProtobufWriter().string(1, "key").varint(2, 7))
    .sfixed32(10, <i32>integer)
    .sfixed64(11, integer);
  return changetype<ArrayBuffer>(message.finish().start);
}

/** The values of such a message, as the reader's getters give them. */
export function readAll(message: ArrayBuffer): string {
  const reader = new ProtobufReader(Bytes.fromBuffer(message));
  const values: string[] = [];
  while (reader.next()) values.push(valueOf(reader));
  return values.join(" ");
}

function valueOf(reader: ProtobufReader): string {
  switch (reader.field) {
    case 1:
      return reader.int.toString();
    case 2:
      return reader.sint.toString();
    case 3:
      return reader.bool.toString();
    case 6:
      return reader.float.toString();
    case 7:
      return reader.double.toString();
    case 8:
      return reader.bytes.toString();
    case 9:
      return "{" + read(bufferOf(reader.bytes)) + "}";
    case 10:
      return reader.sfixed32.toString();
    case 11:
      return reader.int.toString();
    default:
      return reader.number.toString();
  }
}

function bufferOf(bytes: Bytes): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.length);
  memory.copy(changetype<usize>(buffer), bytes.start, bytes.length);
  return buffer;
}

/** The numbers that field 1 has when they are of this type; `!` where the message is malformed. */
export function readRepeated(type: i32, message: ArrayBuffer): string {
  const repacked = repack(type, Bytes.fromBuffer(message));
  return repacked.values + (repacked.isMalformed ? " !" : "");
}

/** The same numbers, written again in packed form. */
export function writeRepeated(type: i32, message: ArrayBuffer): ArrayBuffer {
  return bufferOf(repack(type, Bytes.fromBuffer(message)).message);
}

export function write(field: u32, number: u64, bytes: ArrayBuffer): ArrayBuffer {
  const message = new ProtobufWriter()
    .varint(field, number)
    .bytes(field + 1, Bytes.fromBuffer(bytes))
    .finish();
  return changetype<ArrayBuffer>(message.start);
}
