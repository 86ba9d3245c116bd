import { Bytes, SharedData, SharedUpdate, utf8 } from "as-proxy-wasm";

class Append extends SharedUpdate {
  next(current: Bytes | null): Bytes | null {
    return current === null ? utf8("a") : current.concat(utf8("a"));
  }
}

/** What becomes of an update, as the number of `Stored`. */
export function update(): i32 {
  return new SharedData(utf8("tests\0")).update(utf8("key"), new Append());
}
