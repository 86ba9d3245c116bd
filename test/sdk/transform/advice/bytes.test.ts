import { describe, expect, test } from "vitest";
import { adviceOn, inCallback, placeOf } from "./advice.ts";

describe("Bytes looked for by ==", () => {
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string]> = [
    ["== of two values", inCallback('const v = headers.get(utf8("a")); const w = headers.get(utf8("b")); if («v == w) log.info("x");'), "== tells whether two Bytes are the same object: compare with equals()"],
    ["!== of two values", inCallback('const v = headers.get(utf8("a")); const w = headers.get(utf8("b")); if («v !== w) log.info("x");'), "== tells whether two Bytes are the same object: compare with equals()"],
    ["== with a constant of the file", inCallback('const v = headers.get(utf8("a")); if («v == ROLE) log.info("x");', 'const ROLE = utf8("admin");'), "== tells whether two Bytes are the same object: compare with equals()"],
    ["a switch", inCallback('const v = headers.get(utf8("a")); switch («v) { case utf8("b"): return Action.Pause; }'), "switch tells whether two Bytes are the same object: write `if` with equals()"],
    ["includes of an array", inCallback('const v = headers.get(utf8("a")); if (v !== null && «[utf8("b")].includes(v)) log.info("x");'), "includes looks for the same object, not for the same Bytes: write a `for` loop with equals()"],
    ["indexOf of an array", inCallback('const v = headers.get(utf8("a")); if (v !== null && «[utf8("b")].indexOf(v) >= 0) log.info("x");'), "indexOf looks for the same object, not for the same Bytes: write a `for` loop with equals()"],
    ["a Map's keys", inCallback('const m = new Map<Bytes, i32>(); if («m.has(utf8("a"))) log.info("x");', 'import { Bytes } from "as-proxy-wasm";'), "has looks for the same object, not for the same Bytes: write a `for` loop with equals()"],
    ["a Set's values", inCallback('const s = new Set<Bytes>(); «s.add(utf8("a"));', 'import { Bytes } from "as-proxy-wasm";'), "add looks for the same object, not for the same Bytes: write a `for` loop with equals()"],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });
});
