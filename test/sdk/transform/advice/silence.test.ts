import { describe, expect, test } from "vitest";
import { adviceOn, besideFilter, inCallback } from "./advice.ts";

const TIMER = 'import { Timer } from "as-proxy-wasm";';

describe("nothing is said about", () => {
  // One line a case.
  // prettier-ignore
  const cases: Array<[what: string, source: string]> = [
    ["an arrow function that uses its parameters", inCallback('["a"].forEach((x) => { log.info(x); });')],
    ["an arrow function that uses a global", inCallback("PREFIXES.map<string>((x: string): string => PREFIXES[0] + x);", 'const PREFIXES = ["a"];')],
    ["a variable of an arrow function", inCallback('["a"].forEach((x) => { let y = ""; if (x == "a") y = x; log.info(y); });')],
    ["a local that was tested for null", inCallback('const v = headers.get(utf8("a")); if (v !== null) log.info(v.toString());')],
    ["Bytes compared with null", inCallback('const v = headers.get(utf8("a")); if (v == null) log.info("none"); else if (v !== null) log.info("some");')],
    ["strings in collections", inCallback('const m = new Map<string, i32>(); if (m.has("a") && ["a"].includes("b")) log.info("x");')],
    ["a collection whose values are Bytes", inCallback('const m = new Map<string, Bytes>(); m.set("a", utf8("b")); if (m.has("a")) log.info("x");', 'import { Bytes } from "as-proxy-wasm";')],
    ["Bytes as a condition", inCallback('const v = headers.get(utf8("a")); if (v) log.info("some");')],
    ["strings compared by == and ===", inCallback('const s = endOfStream.toString(); if (s == "true" || s === "false") log.info(s);')],
    ["a string that may be null as a condition", inCallback('let s: string | null = null; if (endOfStream) s = "a"; if (s) { if (s) log.info(s); }')],
    ["an empty string as a condition that is negated", inCallback('const s = endOfStream.toString(); if (!s) log.info("empty");')],
    ["objects of a filter's own compared by ==", inCallback("if (new B() == new B()) log.info(\"same\");", "class B {}")],
    ["a RegExp that a file declares itself", inCallback('new RegExp("a");', "class RegExp { constructor(readonly text: string) {} }")],
    ["a conditional with a number that begins with a point", inCallback("const n = endOfStream ?.5 : 1.5; log.info(n.toString());")],
    ["a method like a callback that the filter calls itself", '@httpFilter("a") class A extends HttpFilter { onLog(): void { this.onLogs(); } onLogs(): void {} }'],
    ["a method of a class that is not the SDK's", besideFilter("class B { onRequestHeader(): void {} }")],
    ["a method that overrides one of the program's own", besideFilter(`${TIMER} abstract class Base extends Timer { onTimes(): void {} } class T extends Base { onTime(): void { this.onTimes(); } onTimes(): void {} }`)],
    ["a filter's base class without a decorator", 'class Base extends HttpFilter {}\n@httpFilter("a") class A extends Base {}'],
    ["an abstract class without a decorator", besideFilter("export abstract class Base extends HttpFilter {}")],
    ["a decorator of asc", besideFilter("@final class B {}")],
    ["a constructor without parameters", '@httpFilter("a") class A extends HttpFilter { n: i32; constructor() { super(); this.n = 1; } }'],
    ["a constructor whose parameters have values", 'class B { constructor(readonly a: i32 = 1) {} }\n@httpFilter("a") class A extends HttpFilter { b: B = new B(); }'],
    ["a configuration by another name", 'class C extends Configuration { read(json: JsonObject): void {} } type D = C;\n@httpFilter("a") class A extends HttpFilter<D> {}'],
    ["a configuration that extends another", 'abstract class B extends Configuration {} class C extends B { read(json: JsonObject): void {} }\n@httpFilter("a") class A extends HttpFilter<C> {}'],
  ];

  test.for(cases)("%s", async ([, source]) => {
    expect(await adviceOn(source)).toEqual([]);
  });
});

describe("an error of the program", () => {
  test("that AssemblyScript explains itself is left as it is", async () => {
    const [message, ...more] = await adviceOn(inCallback('log.info("a", "b");'));
    expect(message).toContain("Expected 1 arguments, but got 2.");
    expect(more).toEqual([]);
  });

  test("on another line is shown, too", async () => {
    const source = inCallback("let x: any = 1;\nlet y: unknown = 1;");
    expect(await adviceOn(source)).toHaveLength(2);
  });
});

describe("throw", () => {
  test("is warned of, for it ends the VM, and compiles", async () => {
    const [message, ...more] = await adviceOn(inCallback('if (endOfStream) throw new Error("no");'));
    expect(message).toContain("`throw` ends the VM, and every stream of the worker with it");
    expect(more).toEqual([]);
  });
});
