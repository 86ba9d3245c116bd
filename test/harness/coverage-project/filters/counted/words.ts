import { Bytes } from "as-proxy-wasm";

const most = 5;

/** Whether a word is too long to be read. */
export function isLong(word: Bytes): bool {
  return word.length > most; // 4
}

/** Nobody asks for it, so the compiler leaves it out. */
export function isShort(word: Bytes): bool {
  return !isLong(word);
}
