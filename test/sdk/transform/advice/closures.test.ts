import { describe, expect, test } from "vitest";
import { adviceOn, inCallback, placeOf } from "./advice.ts";

describe("closures", () => {
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string]> = [
    ["an array's callback that uses a variable", inCallback('const prefix = "x" + endOfStream.toString(); const a = ["x"].map<string>((s: string): string => «prefix + s);'), "AssemblyScript has no closures: `prefix` is of the function around this one. Use a `for` loop, or a class with a field `prefix` and a method"],
    ["an array's callback that changes a variable", inCallback("let n = 0; [1, 2].forEach((x) => { «n += x; });"), "AssemblyScript has no closures: `n` is of the function around this one. Use a `for` loop, or a class with a field `n` and a method"],
    ["a callback that uses a parameter", inCallback('["a"].forEach((x) => { «headers.has(utf8("a")); });'), "AssemblyScript has no closures: `headers` is of the function around this one. Use a `for` loop, or a class with a field `headers` and a method"],
    ["a callback that uses this", inCallback('["a"].forEach((x) => { this.«close(); });'), "AssemblyScript has no closures: `this` is of the function around this one. Use a `for` loop, or a class with a field `filter` and a method"],
    ["a function in a function", inCallback('function inner(): void { «headers.has(utf8("a")); } inner();'), "AssemblyScript has no closures: `headers` is of the function around this one. Use a `for` loop, or a class with a field `headers` and a method"],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });
});
