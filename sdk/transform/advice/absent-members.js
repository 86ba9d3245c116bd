import { CODES } from "./codes.js";

const LOOP = "write a `for` loop";
const NO_REFLECTION = "objects have no keys to list in AssemblyScript: use a Map and its keys() and values()";
const NO_REGEXP =
  "AssemblyScript has no regular expressions: use indexOf, includes, startsWith, endsWith or split, or RegularExpression of as-proxy-wasm";
const NO_LOCALES = "there are no locales";

/** Members that a class of JavaScript has and that of AssemblyScript has not, and what to write. */
const MEMBERS = {
  Map: { forEach: `Map has no forEach: take keys() and ${LOOP} with get(key)` },
  Set: { forEach: `Set has no forEach: take values() and ${LOOP}` },
  Object: {
    keys: NO_REFLECTION,
    values: NO_REFLECTION,
    entries: NO_REFLECTION,
    assign: "AssemblyScript has no Object.assign: set each field",
    freeze: "AssemblyScript has no Object.freeze: write `readonly` at the fields",
    fromEntries: NO_REFLECTION,
  },
  Array: {
    from: `Array has no from: ${LOOP}, or slice() to copy`,
    of: "Array has no of: write `[a, b]`",
    find: "Array has no find: take findIndex(…), which is -1 for none, and index the array",
    findLast: "Array has no findLast: take findLastIndex(…), which is -1 for none",
    flatMap: `Array has no flatMap: ${LOOP} that pushes`,
    entries: `Array has no entries: ${LOOP}`,
    keys: `Array has no keys: ${LOOP}`,
    values: `Array has no values: ${LOOP}`,
    toSorted: "Array has no toSorted: slice() and then sort()",
    toReversed: "Array has no toReversed: slice() and then reverse()",
  },
  String: {
    match: NO_REGEXP,
    matchAll: NO_REGEXP,
    search: NO_REGEXP,
    normalize: "there is no Unicode normalisation: compare the bytes",
    toLocaleLowerCase: `${NO_LOCALES}: toLowerCase()`,
    toLocaleUpperCase: `${NO_LOCALES}: toUpperCase()`,
  },
  Function: {
    bind: "AssemblyScript has no closures, and so no bind: use a class with a field and a method",
    apply: "methods are called by their object: `object.method(…)`",
  },
};

const NUMBERS = /^(I8|I16|I32|I64|U8|U16|U32|U64|F32|F64)$/;

/** Members that are not there. */
export const absentMembers = [
  {
    codes: [CODES.noProperty],
    message: /^Property '(?<member>\w+)' does not exist on type '~lib\/\w+\/(?<type>\w+)/,
    when: ({ message }) => sayAbsent(message) !== null,
    says: (_, { message }) => sayAbsent(message),
  },
  {
    codes: [CODES.noCall],
    message: /Type '~lib\/arraybuffer\/ArrayBuffer'/,
    at: /^[\w.]+\.entries\b/,
    says: `Map has no entries: take keys() and ${LOOP} with get(key)`,
  },
];

function sayAbsent(message) {
  const [, member, type] = /^Property '(\w+)' does not exist on type '~lib\/\w+\/(\w+)/.exec(message) ?? [];
  if (NUMBERS.test(type) && member === "toFixed")
    return "numbers have no toFixed: write toString(), of an integer where digits count";
  const members = MEMBERS[type] ?? {};
  return Object.hasOwn(members, member) ? members[member] : null;
}
