import { Bytes, ProtobufReader, ProtobufWriter } from "as-proxy-wasm";

/** A repeated field 1 that was read, and written again. */
export class Repacked {
  constructor(
    readonly values: string,
    readonly message: Bytes,
    readonly isMalformed: bool,
  ) {}
}

type Reader<T> = (from: ProtobufReader, to: T[]) => void;
type Writer<T> = (to: ProtobufWriter, from: T[]) => ProtobufWriter;

function repackAs<T>(message: Bytes, read: Reader<T>, write: Writer<T>): Repacked {
  const reader = new ProtobufReader(message);
  const values: T[] = [];
  while (reader.next()) if (reader.field == 1) read(reader, values);
  return new Repacked(values.join(" "), write(new ProtobufWriter(), values).finish(), reader.isMalformed);
}

/** Reads the numbers of a message as those of a type, and writes them again, packed. The types have their order here. */
// A table: one line a type.
// prettier-ignore
export function repack(type: i32, message: Bytes): Repacked {
  if (type == 0) return repackAs<u64>(message, (from, to) => from.appendVarints(to), (to, from) => to.packedVarints(1, from));
  if (type == 1) return repackAs<i64>(message, (from, to) => from.appendSints(to), (to, from) => to.packedSints(1, from));
  if (type == 2) return repackAs<bool>(message, (from, to) => from.appendBools(to), (to, from) => to.packedBools(1, from));
  if (type == 3) return repackAs<u32>(message, (from, to) => from.appendFixed32s(to), (to, from) => to.packedFixed32s(1, from));
  if (type == 4) return repackAs<u64>(message, (from, to) => from.appendFixed64s(to), (to, from) => to.packedFixed64s(1, from));
  if (type == 5) return repackAs<i32>(message, (from, to) => from.appendSfixed32s(to), (to, from) => to.packedSfixed32s(1, from));
  if (type == 6) return repackAs<i64>(message, (from, to) => from.appendSfixed64s(to), (to, from) => to.packedSfixed64s(1, from));
  if (type == 7) return repackAs<f32>(message, (from, to) => from.appendFloats(to), (to, from) => to.packedFloats(1, from));
  return repackAs<f64>(message, (from, to) => from.appendDoubles(to), (to, from) => to.packedDoubles(1, from));
}
