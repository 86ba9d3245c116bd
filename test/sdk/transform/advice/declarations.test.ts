import { describe, expect, test } from "vitest";
import { adviceOn, besideFilter, inCallback, placeOf } from "./advice.ts";

describe("declarations whose types asc does not infer", () => {
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string]> = [
    ["a function without its result", besideFilter("function f(x: i32)« { return x; }"), "AssemblyScript does not infer what a function returns: write it, `: void` for nothing"],
    ["a callback without its result", '@httpFilter("a") class A extends HttpFilter { onRequestHeaders(headers: RequestHeaders, endOfStream: bool)« { return Action.Continue; } }', "AssemblyScript does not infer what a function returns: write it, `: void` for nothing"],
    ["a parameter without a type", besideFilter("function f(x«): i32 { return x; } f(1);"), "the parameter `x` needs its type: `x: …`"],
    ["a parameter of a callback without a type", '@httpFilter("a") class A extends HttpFilter { onRequestBody(body«, endOfStream: bool): Action { return Action.Continue; } }', "the parameter `body` needs its type: `body: …`"],
    ["a variable without a type", inCallback("let q«; q = 5;"), 'a variable without a value needs its type: `let name: string = ""`'],
    ["a field without a type", besideFilter("class B { «rules = 1; }"), "the field `rules` needs its type: `rules: i32 = 1`"],
    ["a field of a function", besideFilter("class B { «f = (x: i32): i32 => x; }"), "write a method in place of a field that holds a function: `f(…): … { … }`"],
    ["an arrow function in place of a handler", inCallback("this.plugin.after(1, ()« => {});"), "a function's parameters and result need their types here. For an SDK's callback, which takes an object, declare a class: `class Later extends Timer { onTime(): void { … } }`"],
    ["an arrow function without types", inCallback("const f = (x«) => x;"), "a function's parameters and result need their types here. For an SDK's callback, which takes an object, declare a class: `class Later extends Timer { onTime(): void { … } }`"],
    ["an optional field", besideFilter("class B { «a?: string; }"), "AssemblyScript has no optional fields: write `a: T | null = null`"],
    ["an optional parameter", besideFilter("function f(«a?: string): void {} f();"), "an optional parameter needs its value: `name: string | null = null`, without the `?`"],
    ["a setter without a type", besideFilter("class B { set a(value«) {} } export const b = new B(); b.a = 1;"), "the parameter `value` needs its type: `value: …`"],
    ["accessor", besideFilter("class B { «accessor a: i32 = 1; }"), "AssemblyScript has no `accessor`: write the field, or a getter and a setter"],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });
});
