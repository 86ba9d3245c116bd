import { CODES } from "./codes.js";

const NO_TIMERS =
  "there are no JavaScript timers: extend Timer, and set it by after(ms, timer) or every(ms, timer) of the plugin";
const NO_FETCH =
  "there is no JavaScript networking: ask a cluster by `this.call(new HttpCallRequest(…), handler)`";
const NO_NODE = "there is no Node.js and no browser around a filter: it has what as-proxy-wasm exports";
const NO_REFLECTION =
  "AssemblyScript has no reflection: use a class, or a Map where keys are not known before";

/** Names of JavaScript's surroundings, and what stands for them. */
const NAMES = {
  undefined: "AssemblyScript has no undefined: absent is null, compare with null",
  arguments: "AssemblyScript has no `arguments`: name the parameters, or take an array",
  JSON: "AssemblyScript has no JSON object: a configuration reads itself in `read(json: JsonObject)`, see Configuration",
  globalThis: NO_NODE,
  window: NO_NODE,
  self: NO_NODE,
  Buffer:
    "there is no Buffer: Bytes of as-proxy-wasm are the host's bytes, Bytes.fromString(text) makes them",
  TextEncoder: 'there is no TextEncoder: utf8("literal") or Bytes.fromString(text) encodes',
  TextDecoder: "there is no TextDecoder: toString() of Bytes decodes",
  atob: "there is no atob: decodeBase64(bytes) of as-proxy-wasm, which is null for what is no base64",
  btoa: "there is no btoa: encodeBase64(bytes) of as-proxy-wasm",
  URL: "there is no URL: the path and its query are the header `:path`, which RequestTarget of as-proxy-wasm takes apart",
  URLSearchParams:
    "there is no URLSearchParams: take the query by RequestTarget, and its values by queryValues, of as-proxy-wasm",
  Headers: "there is no Headers: callbacks are given RequestHeaders or ResponseHeaders",
  Request: "there is no Request: a filter is one request, its headers are given to onRequestHeaders",
  Response: 'there is no Response: answer by `return this.respond(403, "details")`',
  fetch: NO_FETCH,
  XMLHttpRequest: NO_FETCH,
  WebSocket: NO_FETCH,
  setTimeout: NO_TIMERS,
  setInterval: NO_TIMERS,
  clearTimeout: NO_TIMERS,
  clearInterval: NO_TIMERS,
  setImmediate: NO_TIMERS,
  queueMicrotask: NO_TIMERS,
  require: 'there is no require: write `import { … } from "./file"`, of files in AssemblyScript',
  module: NO_NODE,
  exports: NO_NODE,
  structuredClone: "there is no structuredClone: write a method that makes a copy",
  WeakMap:
    "AssemblyScript has no WeakMap: keep the value as a field of the filter, which ends with its stream",
  WeakSet: "AssemblyScript has no WeakSet: keep a field in the filter, which ends with its stream",
  WeakRef: "AssemblyScript has no WeakRef: keep a field in the filter, which ends with its stream",
  Proxy: NO_REFLECTION,
  Reflect: NO_REFLECTION,
  Intl: "there is no Intl: numbers and dates have toString() and toISOString() only",
  BigInt: "AssemblyScript has no BigInt: i64 and u64 hold 64 bits",
};

/** Names that are types or namespaces in AssemblyScript, and functions in JavaScript. */
const CONVERSIONS = {
  Number:
    "AssemblyScript has no Number(…): of text F64.parseFloat(text) or I32.parseInt(text), of a number `<f64>value`",
  String: "AssemblyScript has no String(…): write value.toString()",
  Boolean: "AssemblyScript has no Boolean(…): compare, `value != 0`, `text.length > 0`, `value !== null`",
  Object: NO_REFLECTION,
  Array: "AssemblyScript has no Array(…) without `new`: new Array<string>(length)",
};

/** Names that are not there. */
export const absentNames = [
  {
    codes: [CODES.noName],
    message: /^Cannot find name '(?<name>\w+)'/,
    when: ({ text }) => Object.hasOwn(NAMES, text),
    says: (_, { text }) => NAMES[text],
  },
  {
    codes: [CODES.noValue, CODES.noCall],
    at: /^(?<name>\w+)\s*\(/,
    when: ({ after }) => Object.hasOwn(CONVERSIONS, /^\w*/.exec(after)[0]),
    says: ({ name }) => CONVERSIONS[name],
  },
];
