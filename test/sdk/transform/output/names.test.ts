import { describe, expect, test } from "vitest";
import { build } from "../build.ts";

const FILTER = `class Inner<T> { constructor(readonly values: Array<T>) {} first(): T { return this.values[0]; } }
  @httpFilter("a") class A extends HttpFilter {
    onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
      if (headers.names().length == 0) log.info(headers.nameAt(0).toString());
      log.info(new Inner<string>(headers.names().map<string>((name) => name.toString())).first());
      return Action.Continue;
    }
  }`;

/** The kinds of names that a module has, by number, and its functions' names. */
function namesOf(wasm: Uint8Array<ArrayBuffer>): { kinds: number[]; functions: string[] } {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(wasm), "name");
  const names = new Reader(Buffer.from(section ?? new ArrayBuffer()));
  const kinds: number[] = [];
  const functions: string[] = [];
  while (!names.isAtEnd) {
    kinds.push(names.number());
    const map = new Reader(names.block());
    for (let left = map.number(); left > 0; left--) {
      map.number();
      functions.push(map.block().toString());
    }
  }
  return { kinds, functions };
}

/** Reads numbers in LEB128 below 2^14, and what they say the length of. */
class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  number(): number {
    const first = this.bytes.readUInt8(this.at++);
    return first < 128 ? first : (first & 127) | (this.bytes.readUInt8(this.at++) << 7);
  }

  block(): Buffer {
    const length = this.number();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

describe("a module", () => {
  test("names functions only, each with its class and without the path of its file", async () => {
    const { kinds, functions } = namesOf(await build(FILTER));
    expect(kinds).toEqual([1]);
    expect(functions).toEqual(expect.arrayContaining(["HttpFields#names", "new Pairs", "__new"]));
    expect(functions.filter((name) => /[/<@]/.test(name))).toEqual([]);
  });

  test("names no function that cannot be running when it traps", async () => {
    const { functions } = namesOf(await build(FILTER));
    expect(functions).toContain("decodeText"); // it allocates, which can fail
    expect(functions).not.toContain("decodeUtf8"); // called by it, and only computes
    expect(functions).not.toContain("sameBytes");
  });

  test("names no export a second time", async () => {
    const wasm = await build(FILTER);
    expect(WebAssembly.Module.exports(new WebAssembly.Module(wasm))).toContainEqual({
      name: "proxy_on_request_headers",
      kind: "function",
    });
    expect(namesOf(wasm).functions.filter((name) => name.startsWith("proxy_"))).toEqual([]);
  });

  test("has a function that is called in one place as a part of its caller", async () => {
    const { functions } = namesOf(await build(FILTER));
    expect(functions.filter((name) => /PluginContext#configure|HttpStream#dispatch/.test(name))).toEqual([]);
  });
});
