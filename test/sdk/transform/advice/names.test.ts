import { describe, expect, test } from "vitest";
import { adviceOn, inCallback, placeOf } from "./advice.ts";

describe("names of JavaScript's surroundings", () => {
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string]> = [
    ["undefined", inCallback('if (headers.get(utf8("a")) === «undefined) log.info("x");'), "AssemblyScript has no undefined: absent is null, compare with null"],
    ["arguments", inCallback("log.info(«arguments.length.toString());"), "AssemblyScript has no `arguments`: name the parameters, or take an array"],
    ["JSON", inCallback('«JSON.parse("{}");'), "AssemblyScript has no JSON object: a configuration reads itself in `read(json: JsonObject)`, see Configuration"],
    ["setTimeout", inCallback("«setTimeout(() => {}, 100);"), "there are no JavaScript timers: extend Timer, and set it by after(ms, timer) or every(ms, timer) of the plugin"],
    ["fetch", inCallback('«fetch("http://a");'), "there is no JavaScript networking: ask a cluster by `this.call(new HttpCallRequest(…), handler)`"],
    ["Buffer", inCallback('«Buffer.from("a");'), "there is no Buffer: Bytes of as-proxy-wasm are the host's bytes, Bytes.fromString(text) makes them"],
    ["TextEncoder", inCallback("new «TextEncoder();"), 'there is no TextEncoder: utf8("literal") or Bytes.fromString(text) encodes'],
    ["URL", inCallback('new «URL("http://a");'), "there is no URL: the path and its query are the header `:path`; take them apart by indexOf and slice"],
    ["require", inCallback('«require("fs");'), 'there is no require: write `import { … } from "./file"`, of files in AssemblyScript'],
    ["globalThis", inCallback("«globalThis;"), "there is no Node.js and no browser around a filter: it has what as-proxy-wasm exports"],
    ["WeakMap", inCallback("new «WeakMap<Bytes, i32>();"), "AssemblyScript has no WeakMap: keep the value as a field of the filter, which ends with its stream"],
    ["Number(…)", inCallback('const n = «Number("12");'), "AssemblyScript has no Number(…): of text F64.parseFloat(text) or I32.parseInt(text), of a number `<f64>value`"],
    ["String(…)", inCallback("const s = «String(12);"), "AssemblyScript has no String(…): write value.toString()"],
    ["Boolean(…)", inCallback("const b = «Boolean(12);"), "AssemblyScript has no Boolean(…): compare, `value != 0`, `text.length > 0`, `value !== null`"],
    ["process.env", inCallback("process.env.«HOME;"), 'process.env is a Map: `process.env.has("HOME")`, then `process.env.get("HOME")`'],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });
});
