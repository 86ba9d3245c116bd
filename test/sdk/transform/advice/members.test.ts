import { describe, expect, test } from "vitest";
import { adviceOn, inCallback, placeOf } from "./advice.ts";

describe("members of JavaScript's classes", () => {
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string]> = [
    ["Map.forEach", inCallback("new Map<string, i32>().«forEach((v, k) => { log.info(k); });"), "Map has no forEach: take keys() and write a `for` loop with get(key)"],
    ["Map.entries", inCallback("const m = new Map<string, i32>(); «m.entries();"), "Map has no entries: take keys() and write a `for` loop with get(key)"],
    ["Object.keys", inCallback("Object.«keys(headers);"), "objects have no keys to list in AssemblyScript: use a Map and its keys() and values()"],
    ["Array.from", inCallback("Array.«from([1]);"), "Array has no from: write a `for` loop, or slice() to copy"],
    ["find", inCallback("const s = [1].«find((x) => x == 1);"), "Array has no find: take findIndex(…), which is -1 for none, and index the array"],
    ["flatMap", inCallback("const s = [1].«flatMap((x) => [x]);"), "Array has no flatMap: write a `for` loop that pushes"],
    ["match", inCallback('const s = "a".«match("b");'), "AssemblyScript has no regular expressions: use indexOf, includes, startsWith, endsWith or split, or RegularExpression of as-proxy-wasm"],
    ["toLocaleLowerCase", inCallback('const s = "a".«toLocaleLowerCase();'), "there are no locales: toLowerCase()"],
    ["toFixed", inCallback("const n: i32 = 5; log.info(n.«toFixed(2));"), "numbers have no toFixed: write toString(), of an integer where digits count"],
    ["Set.forEach", inCallback("new Set<string>().«forEach((v) => { log.info(v); });"), "Set has no forEach: take values() and write a `for` loop"],
    ["Object.values", inCallback("Object.«values(headers);"), "objects have no keys to list in AssemblyScript: use a Map and its keys() and values()"],
    ["Object.entries", inCallback("Object.«entries(headers);"), "objects have no keys to list in AssemblyScript: use a Map and its keys() and values()"],
    ["Object.fromEntries", inCallback("Object.«fromEntries(headers);"), "objects have no keys to list in AssemblyScript: use a Map and its keys() and values()"],
    ["Object.assign", inCallback("Object.«assign(headers, headers);"), "AssemblyScript has no Object.assign: set each field"],
    ["Object.freeze", inCallback("Object.«freeze(headers);"), "AssemblyScript has no Object.freeze: write `readonly` at the fields"],
    ["Array.of", inCallback("Array.«of(1);"), "Array has no of: write `[a, b]`"],
    ["findLast", inCallback("const s = [1].«findLast((x) => x == 1);"), "Array has no findLast: take findLastIndex(…), which is -1 for none"],
    ["Array's entries", inCallback("const a = [1]; a.«entries();"), "Array has no entries: write a `for` loop"],
    ["Array's keys", inCallback("const a = [1]; a.«keys();"), "Array has no keys: write a `for` loop"],
    ["Array's values", inCallback("const a = [1]; a.«values();"), "Array has no values: write a `for` loop"],
    ["toSorted", inCallback("const s = [1].«toSorted();"), "Array has no toSorted: slice() and then sort()"],
    ["toReversed", inCallback("const s = [1].«toReversed();"), "Array has no toReversed: slice() and then reverse()"],
    ["matchAll", inCallback('const s = "a".«matchAll("b");'), "AssemblyScript has no regular expressions: use indexOf, includes, startsWith, endsWith or split, or RegularExpression of as-proxy-wasm"],
    ["search", inCallback('const s = "a".«search("b");'), "AssemblyScript has no regular expressions: use indexOf, includes, startsWith, endsWith or split, or RegularExpression of as-proxy-wasm"],
    ["normalize", inCallback('const s = "a".«normalize();'), "there is no Unicode normalisation: compare the bytes"],
    ["toLocaleUpperCase", inCallback('const s = "a".«toLocaleUpperCase();'), "there are no locales: toUpperCase()"],
    ["apply", inCallback("const f = this.close.«apply(this);"), "methods are called by their object: `object.method(…)`"],
    ["bind", inCallback("const f = this.close.«bind(this);"), "AssemblyScript has no closures, and so no bind: use a class with a field and a method"],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });
});
