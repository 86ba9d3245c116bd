import { describe, expect, test } from "vitest";
import { adviceOn, besideFilter, inCallback, placeOf } from "./advice.ts";

describe("types that AssemblyScript has not", () => {
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string]> = [
    ["string | number", inCallback('let x: string | «i32 = "a";'), "AssemblyScript has no union types but `T | null`: use a base class with a subclass for each case, or one class with a field for each"],
    ["T | undefined", inCallback("let x: string | «undefined = null;"), "AssemblyScript has no undefined: absent is null, write `| null`"],
    ["a union of literals", besideFilter('type Mode = "off" | «"on";'), "AssemblyScript has no union types but `T | null`: declare an enum, `enum Mode { Off, On }`, and compare with its members"],
    ["an intersection", inCallback("let x: Bytes «& Body;"), "AssemblyScript has no intersection types: declare a class that has all of the members, or an interface that extends the others"],
    ["an object type", inCallback("let x: «{ a: i32 };"), "AssemblyScript has no object types: declare a class with these fields, and name it here"],
    ["a tuple", inCallback('const x: «[string, i32] = ["a", 1];'), "AssemblyScript has no tuples: declare a class with a field for each value, or use an array of one type"],
    ["keyof", inCallback("let x: «keyof Bytes;"), "AssemblyScript has no types made of other types (keyof, Partial, conditional or template types): write the type itself"],
    ["a template type", besideFilter("type T = «`a${string}`;"), "AssemblyScript has no types made of other types (keyof, Partial, conditional or template types): write the type itself"],
    ["a conditional type", besideFilter("type T<X> = X «extends string ? 1 : 2;"), "AssemblyScript has no types made of other types (keyof, Partial, conditional or template types): write the type itself"],
    ["a type guard", besideFilter("function f(x: Bytes | null): x« is Bytes { return x !== null; }"), "AssemblyScript has no type guards: return bool, and test for null or by instanceof where the value is used"],
    ["any", inCallback("let x: «any = 1;"), "AssemblyScript has no `any`: write the type, a base class, or a type parameter, `function f<T>(value: T)`"],
    ["unknown", inCallback("let x: «unknown = 1;"), "AssemblyScript has no `unknown`: write the type, a base class, or a type parameter, `function f<T>(value: T)`"],
    ["never", inCallback("const f = (): «never => { return; };"), "AssemblyScript has no `never`: write `void`, or the type that callers expect"],
    ["Record", inCallback("let x: «Record<string, string> | null = null;"), "AssemblyScript has no `Record`: use a Map, `Map<string, string>`"],
    ["ReadonlyArray", inCallback('const x: «ReadonlyArray<string> = ["a"];'), "AssemblyScript has no read-only collections: write `readonly` at the field, and `T[]`, Map or Set as its type"],
    ["Partial", inCallback("let x: «Partial<Bytes> | null = null;"), "AssemblyScript has no types made of other types (keyof, Partial, conditional or template types): write the type itself"],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });
});
