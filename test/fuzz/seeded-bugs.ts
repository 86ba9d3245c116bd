import type { Patch } from "./instrumented.ts";

const file = (name: string) => (find: string, replace: string) => ({
  file: `assembly/${name}.ts`,
  find,
  replace,
});
const unicode = file("unicode");
const byteSearch = file("byte-search");
const headerSyntax = file("header-syntax");

/** Bugs that are planted in a copy of the SDK, one at a time: a campaign that does not find them is too weak. */
// A table: one line a bug.
// prettier-ignore
export const seededBugs: ReadonlyArray<readonly [what: string, patch: Patch]> = [
  ["overlong sequences of two bytes are decoded", unicode("first < 0xc2 ||", "first < 0xc0 ||")],
  ["surrogates are decoded", unicode("if (first == 0xed) return next < 0xa0;", "")],
  ["an ill-formed sequence takes too many bytes", unicode("return decoded(ILL_FORMED, i);", "return decoded(ILL_FORMED, needed);")],
  ["the first byte of four is wrong", unicode("store<u8>(at, 0xf0 | (codePoint >> 18));", "store<u8>(at, 0xe0 | (codePoint >> 18));")],
  ["the last byte is not compared", byteSearch("for (; left < end; left++, right++)", "for (; left + 1 < end; left++, right++)")],
  ["only the letters A to E match in either case", byteSearch("byte - 0x41 < 26", "byte - 0x41 < 5")],
  ["a longer value is equal", file("bytes")("this.length == other.length && sameBytes(this.start, other.start, this.length)", "this.length >= other.length && sameBytes(this.start, other.start, other.length)")],
  ["a line feed passes in a value", headerSyntax("byte == 0x0a || ", "")],
  ["letters beyond ASCII pass in a name", headerSyntax("if (byte >= 128) return false;", "")],
  ["an escaped quote is refused", file("json/strings")("letter == 0x22 || ", "")],
  ["anything may follow the value", file("json/parser")("if (this.peek() != 0 || this.at != this.end)", "if (false)")],
  ["a string may hold control characters", file("json/strings")("if (byte < 0x20)", "if (false)")],
];
