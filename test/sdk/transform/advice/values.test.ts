import { describe, expect, test } from "vitest";
import { adviceOn, besideFilter, inCallback, placeOf } from "./advice.ts";

describe("values of another type", () => {
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string]> = [
    ["a string for bytes", inCallback('headers.get(«"a");'), 'bytes are wanted, and this is a string: write utf8("literal"), or Bytes.fromString(text)'],
    ["bytes for a string", inCallback('const v = headers.get(utf8("a")); if (v !== null) log.info(«v);'), "a string is wanted, and these are bytes: test for null, then write value.toString()"],
    ["bytes compared with a string", inCallback('const v = headers.get(utf8("a")); if («v === "x") log.info("y");'), 'these are bytes, and not a string: test for null, then compare by value.equals(utf8("literal"))'],
    ["a number in a string", inCallback('log.info("a" + «1);'), "a number does not become text by itself: write value.toString(), or a template, `${value}`"],
    ["number for an index", inCallback('const i: number = 0; log.info(["x"][«i]);'), "`number` is f64, a floating point number, and i32 is wanted: declare it as i32, or convert by `<i32>value`"],
    ["what may be null", inCallback('const v = headers.get(utf8("a")); log.info(«v.toString());'), "`v` may be null here: test it before. The test of a field is forgotten at once, so keep it in a constant, `const value = …; if (value !== null) …`"],
    ["a field that was tested for null", inCallback("const o = new O(); if (o.a !== null) log.info(«o.a.length.toString());", "class O { a: string | null = null; }"), "`o.a` may be null here: test it before. The test of a field is forgotten at once, so keep it in a constant, `const value = …; if (value !== null) …`"],
    ["null for what cannot be null", inCallback("const s: string = «null;"), "this cannot be null: write `| null` at its type"],
    ["an interface that is not named", inCallback("const n: Named = «new X();", "interface Named { name(): void; } class X { name(): void {} }"), "in AssemblyScript a class has an interface only if it says so: `class A implements B`"],
    ["a method as a function", inCallback('["a"].forEach(«this.close);'), "AssemblyScript has no closures: a method is no function by itself, for it would not know its object. Call it in a `for` loop"],
    ["headers by index", inCallback('«headers["a"];'), 'headers are read by a method: headers.get(utf8("name")), which is null when there is none'],
    ["an enum of strings", besideFilter('enum E { A = «"a" } log.info(E.A.toString());'), "an enum's members are numbers: leave the text out, and keep the names in an array beside it, `NAMES[mode]`"],
    ["a Map with its values", inCallback('«new Map<string, string>([["a", "b"]]);'), "new Map() takes no values: make it empty, then set(key, value) each"],
    ["a Set with its values", inCallback('«new Set<string>(["a"]);'), "new Set() takes no values: make it empty, then add(value) each"],
    ["the present as new Date()", inCallback("«new Date();"), "new Date needs its time: new Date(Date.now()), or currentTimeNanos() of as-proxy-wasm"],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });
});
