import { describe, expect, test } from "vitest";
import { adviceOn, besideFilter, inCallback, placeOf } from "./advice.ts";

describe("expressions and members that AssemblyScript has not", () => {
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string]> = [
    ["optional chaining", inCallback('const v = headers.get(utf8("a"))?«.toString();'), "AssemblyScript has no `?.`: keep the value in a constant and test it, `const value = …; if (value !== null) …`"],
    ["an optional index", inCallback('const a = ["x"]; a?«.[0];'), "AssemblyScript has no `?.`: keep the value in a constant and test it, `const value = …; if (value !== null) …`"],
    ["??", inCallback('const v = headers.get(utf8("a")) ?«? utf8("b");'), "AssemblyScript has no `??`: keep the value in a constant, and write `value !== null ? value : other`"],
    ["??=", inCallback('let a: string | null = null; a ?«?= "x";'), "AssemblyScript has no `??`: keep the value in a constant, and write `value !== null ? value : other`"],
    ["an array that is destructured", inCallback('«const [a, b] = ["x", "y"];'), "AssemblyScript has no destructuring: take each value by itself, `const first = pair[0]; const name = user.name`"],
    ["an object that is destructured", inCallback("«const { a } = this;"), "AssemblyScript has no destructuring: take each value by itself, `const first = pair[0]; const name = user.name`"],
    ["a parameter that is destructured", besideFilter("function f«({ a }: JsonObject): void {}"), "AssemblyScript has no destructuring: take each value by itself, `const first = pair[0]; const name = user.name`"],
    ["a swap", inCallback("let a = 1, b = 2; «[a, b] = [b, a];"), "AssemblyScript has no destructuring: take each value by itself, `const first = pair[0]; const name = user.name`"],
    ["a spread array", inCallback("const a = [1, 2]; const b = [«...a, 3];"), "AssemblyScript has no spread: join arrays by concat(), and copy an object by a method that sets each field"],
    ["a spread object", inCallback("const b = «{ ...this };"), "AssemblyScript has no spread: join arrays by concat(), and copy an object by a method that sets each field"],
    ["spread arguments", inCallback("«Math.max(...[1, 2]);"), "AssemblyScript has no spread: write each argument, or call in a `for` loop"],
    ["an object literal", inCallback("const o = «{ a: 1 };"), "AssemblyScript has no objects without a class: declare a class with these fields, and give the constant its type, `const point: Point = { x: 1 }`"],
    ["an object literal of an interface", inCallback("const o: O = «{ a: 1 };", "interface O { a: i32; }"), "AssemblyScript has no objects without a class: declare a class with these fields, and give the constant its type, `const point: Point = { x: 1 }`"],
    ["a getter in an object literal", inCallback("const o = { «get a(): i32 { return 1; } };"), "AssemblyScript has no objects without a class: declare a class with these fields, and give the constant its type, `const point: Point = { x: 1 }`"],
    ["a regular expression", inCallback('if («/abc/.test("x")) log.info("y");'), "AssemblyScript has no regular expressions: use startsWith, endsWith, includes, indexOf or split, or RegularExpression of as-proxy-wasm"],
    ["as const", inCallback("const a = «[1] as const;"), "AssemblyScript has no `as const`: leave it out, and write the type, `const names: string[] = […]`"],
    ["satisfies", inCallback("const a = 1 «satisfies i32;"), "AssemblyScript has no `satisfies`: write the type at the declaration, `const x: T = …`"],
    ["in", inCallback('if («"a" in headers) log.info("x");'), "AssemblyScript has no `in`: objects have no keys to look up. Use a Map and its has(key), or headers.has(name)"],
    ["delete", inCallback("«delete headers;"), "AssemblyScript has no `delete`: set a field to null, or use a Map and its delete(key)"],
    ["void", inCallback('void headers«.get(utf8("a"));'), "AssemblyScript has no `void` operator: call the function as a statement of its own"],
    ["void in place of undefined", inCallback("if (headers === «void 0) log.info('x');"), "AssemblyScript has no `void` operator: absent is null"],
    ["void as a value", inCallback("const v = void «0;"), "AssemblyScript has no `void` operator: call the function as a statement of its own, and write null for undefined"],
    ["a bigint", inCallback("const n = 10«n;"), "AssemblyScript has no bigint: write the number without `n`, its type is i64 or u64"],
    ["a #name", besideFilter("class P { «#x: i32 = 1; }"), "AssemblyScript has no `#names`: write `private name`"],
    ["a static block", besideFilter("class P { «static { } }"), "AssemblyScript has no static blocks: give static fields their values where they are declared"],
    ["a computed name", besideFilter("class P { [«Symbol.iterator](): void {} }"), "AssemblyScript has no computed names of members: write a name, and index a Map instead of an object"],
    ["a class expression", besideFilter("const X = class« extends HttpFilter {};"), "AssemblyScript has no class expressions: declare the class at the file's top level, `class A extends B { … }`"],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });
});
