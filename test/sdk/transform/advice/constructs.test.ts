import { describe, expect, test } from "vitest";
import { adviceOn, inCallback, placeOf } from "./advice.ts";

describe("what compiles and does something else than in TypeScript", () => {
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string]> = [
    ["new RegExp", inCallback('«new RegExp("abc");'), "AssemblyScript has no regular expressions: new RegExp compiles, and traps when it runs. Use startsWith, endsWith, includes, indexOf or split, or RegularExpression of as-proxy-wasm"],
    ["typeof that is to be undefined", inCallback('if («typeof headers === "undefined") log.info("x");'), 'typeof is never "undefined" in AssemblyScript: compare with null'],
    ["an array with holes, which ends the compiler", inCallback("const a = «[1, , 2];"), "an array without a type cannot leave elements out: write a value in each place"],
    ["a string as a condition", inCallback("const s = endOfStream.toString(); if («s) log.info(s);"), 'a string is true even when it is empty: write `text != ""`, or `text.length > 0`'],
    ["a string with a default", inCallback('const s = endOfStream.toString(); const t = «s || "d";'), 'a string is true even when it is empty: write `text != ""`, or `text.length > 0`'],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });
});
