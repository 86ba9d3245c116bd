import { describe, expect, test } from "vitest";
import { build } from "../build.ts";

const FILTER = `class Inner<T> { constructor(readonly values: Array<T>) {} first(): T { return this.values[0]; } }
  @httpFilter("a") class A extends HttpFilter {
    onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
      log.info(new Inner<string>(headers.names().map<string>((name) => name.toString())).first());
      return Action.Continue;
    }
  }`;

/** The kinds of names that a module has, by number, and its functions' names. */
function namesOf(wasm: BufferSource): { kinds: number[]; functions: string } {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(wasm), "name");
  const bytes = Buffer.from(section ?? new ArrayBuffer());
  const kinds: number[] = [];
  for (let at = 0; at < bytes.length;) {
    kinds.push(bytes.readUInt8(at++));
    let length = 0;
    let shift = 0;
    for (let byte = 128; byte > 127; shift += 7) {
      byte = bytes.readUInt8(at++);
      length |= (byte & 127) << shift;
    }
    at += length;
  }
  return { kinds, functions: bytes.toString("latin1") };
}

describe("a module", () => {
  test("names functions only, each with its class and without the path of its file", async () => {
    const { kinds, functions } = namesOf(await build(FILTER));
    expect(kinds).toEqual([1]);
    for (const name of ["A#onRequestHeaders", "HttpFields#names"]) expect(functions).toContain(name);
    expect(functions).toMatch(/Array<[\w|]+>/);
    expect(functions).not.toMatch(/[\w~]\//);
  });
});
