import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { declarationOf } from "../../harness/src/coverage/declarations.ts";
import { SourceLocations } from "../../harness/src/module/source-locations.ts";

/** Lines of a filter; a number stands where code of the function begins that a row below is about. */
const source = `
class Word { // holds one
  get size(): i32 { // how long it is
    return this.text.length; // 1
  }
  set size(value: i32) {
    log.info(value.toString()); // 2
  }
  static of(text: string): Word { /* makes one */
    return new Word(text); // 3
  }
}
namespace words {
  export function count(text: string): i32 {
    return text.split(" ").length; // 4
  }
}
const twice = (n: i32): i32 => {
  return n * 2; // 5
};
const thrice = (n: i32): i32 => n * 3; // 6
function each(
  items: i32[], // all
  f: (n: i32) => i32, // what is done
): i32 {
  return f(items[0]); // 7
}
function larger<T>(one: T, other: T): T {
  return one > other ? one : other; // 8
}
export class Odd extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { // asked for each
    log.info(twice(1).toString()); // 9
    each([1, 2], (n) => n + 1); // 10
    each([1, 2], (n) => {
      return n + 2; // 11
    });
    return Action.Continue;
  }
}
`;

/** Where the line is that a number stands behind. */
function lineOf(mark: string | number): number {
  return source.split("\n").findIndex((line) => line.endsWith(String(mark))) + 1;
}

// A table: one line a function, by the name that its module has for it, or by none.
// prettier-ignore
const functions: Array<[mark: string, name: string | null, found: string, declaration: string]> = [
  ["// 1", null, "size", "// how long it is"],
  ["// 2", "Word#set:size", "Word#set:size", "set size(value: i32) {"],
  ["// 3", "Word.of", "Word.of", "/* makes one */"],
  ["// 3", "new Word", "new Word", "// holds one"],
  ["// 4", "words.count", "words.count", "count(text: string): i32 {"],
  ["// 5", null, "twice", "const twice = (n: i32): i32 => {"],
  ["// 6", null, "thrice", "// 6"],
  ["// 7", "each", "each", "function each("],
  ["// 7", null, "each", "function each("],
  ["// 8", null, "larger", "other: T): T {"],
  ["// 9", "Odd#onRequestHeaders", "Odd#onRequestHeaders", "// asked for each"],
  ["// 10", null, "(anonymous)", "// 10"],
  ["// 11", null, "(anonymous)", "each([1, 2], (n) => {"],
  ["// 11", "anonymous|0", "anonymous|0", "// 11"],
];

test.for(functions)("code at %s of %s is that of %s", async ([mark, name, found, declaration]) => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "declarations-"));
  const file = path.join(folder.path, "index.ts");
  await writeFile(file, source);
  const sources = await SourceLocations.beside(path.join(folder.path, "none.wasm"));
  const from = { source: file, line: lineOf(mark) };

  expect(declarationOf(name, [{ offset: 0, from }], sources)).toEqual({
    at: { source: file, line: lineOf(declaration) },
    name: found,
  });
});
