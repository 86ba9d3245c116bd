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
    ["URL", inCallback('new «URL("http://a");'), "there is no URL: the path and its query are the header `:path`, which RequestTarget of as-proxy-wasm takes apart"],
    ["require", inCallback('«require("fs");'), 'there is no require: write `import { … } from "./file"`, of files in AssemblyScript'],
    ["globalThis", inCallback("«globalThis;"), "there is no Node.js and no browser around a filter: it has what as-proxy-wasm exports"],
    ["WeakMap", inCallback("new «WeakMap<Bytes, i32>();"), "AssemblyScript has no WeakMap: keep the value as a field of the filter, which ends with its stream"],
    ["Number(…)", inCallback('const n = «Number("12");'), "AssemblyScript has no Number(…): of text F64.parseFloat(text) or I32.parseInt(text), of a number `<f64>value`"],
    ["String(…)", inCallback("const s = «String(12);"), "AssemblyScript has no String(…): write value.toString()"],
    ["Boolean(…)", inCallback("const b = «Boolean(12);"), "AssemblyScript has no Boolean(…): compare, `value != 0`, `text.length > 0`, `value !== null`"],
    ["TextDecoder", inCallback("new «TextDecoder();"), "there is no TextDecoder: toString() of Bytes decodes"],
    ["atob", inCallback('«atob("YQ==");'), "there is no atob: decodeBase64(bytes) of as-proxy-wasm, which is null for what is no base64"],
    ["btoa", inCallback('«btoa("a");'), "there is no btoa: encodeBase64(bytes) of as-proxy-wasm"],
    ["URLSearchParams", inCallback('new «URLSearchParams("a=1");'), "there is no URLSearchParams: take the query by RequestTarget, and its values by queryValues, of as-proxy-wasm"],
    ["Headers", inCallback("new «Headers();"), "there is no Headers: callbacks are given RequestHeaders or ResponseHeaders"],
    ["Request", inCallback('new «Request("/");'), "there is no Request: a filter is one request, its headers are given to onRequestHeaders"],
    ["Response", inCallback('new «Response("a");'), 'there is no Response: answer by `return this.respond(403, "details")`'],
    ["structuredClone", inCallback("«structuredClone(headers);"), "there is no structuredClone: write a method that makes a copy"],
    ["WeakSet", inCallback("new «WeakSet<Bytes>();"), "AssemblyScript has no WeakSet: keep a field in the filter, which ends with its stream"],
    ["WeakRef", inCallback("new «WeakRef<Bytes>();"), "AssemblyScript has no WeakRef: keep a field in the filter, which ends with its stream"],
    ["Intl", inCallback("new «Intl.NumberFormat();"), "there is no Intl: numbers and dates have toString() and toISOString() only"],
    ["BigInt", inCallback("const n = «BigInt(1);"), "AssemblyScript has no BigInt: i64 and u64 hold 64 bits"],
    ["Array(…)", inCallback("const a = «Array(3);"), "AssemblyScript has no Array(…) without `new`: new Array<string>(length)"],
    ["Object(…)", inCallback("const o = «Object(3);"), "AssemblyScript has no reflection: use a class, or a Map where keys are not known before"],
    ["window", inCallback("«window;"), "there is no Node.js and no browser around a filter: it has what as-proxy-wasm exports"],
    ["self", inCallback("«self;"), "there is no Node.js and no browser around a filter: it has what as-proxy-wasm exports"],
    ["module", inCallback("«module.a;"), "there is no Node.js and no browser around a filter: it has what as-proxy-wasm exports"],
    ["exports", inCallback("«exports.a;"), "there is no Node.js and no browser around a filter: it has what as-proxy-wasm exports"],
    ["XMLHttpRequest", inCallback("new «XMLHttpRequest();"), "there is no JavaScript networking: ask a cluster by `this.call(new HttpCallRequest(…), handler)`"],
    ["WebSocket", inCallback("new «WebSocket();"), "there is no JavaScript networking: ask a cluster by `this.call(new HttpCallRequest(…), handler)`"],
    ["setInterval", inCallback("«setInterval(1);"), "there are no JavaScript timers: extend Timer, and set it by after(ms, timer) or every(ms, timer) of the plugin"],
    ["clearTimeout", inCallback("«clearTimeout(1);"), "there are no JavaScript timers: extend Timer, and set it by after(ms, timer) or every(ms, timer) of the plugin"],
    ["clearInterval", inCallback("«clearInterval(1);"), "there are no JavaScript timers: extend Timer, and set it by after(ms, timer) or every(ms, timer) of the plugin"],
    ["setImmediate", inCallback("«setImmediate(1);"), "there are no JavaScript timers: extend Timer, and set it by after(ms, timer) or every(ms, timer) of the plugin"],
    ["queueMicrotask", inCallback("«queueMicrotask(1);"), "there are no JavaScript timers: extend Timer, and set it by after(ms, timer) or every(ms, timer) of the plugin"],
    ["Proxy", inCallback("new «Proxy(headers);"), "AssemblyScript has no reflection: use a class, or a Map where keys are not known before"],
    ["Reflect", inCallback("«Reflect.ownKeys(headers);"), "AssemblyScript has no reflection: use a class, or a Map where keys are not known before"],
    ["process.env", inCallback("process.env.«HOME;"), 'process.env is a Map: `process.env.has("HOME")`, then `process.env.get("HOME")`'],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });
});
