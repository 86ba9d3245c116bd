import { ElementKind, NodeKind } from "assemblyscript";
import { CODES } from "./codes.js";

const STRING = String.raw`~lib\/string\/String`;
const BYTES = String.raw`(~lib\/as-proxy-wasm\/assembly\/)?bytes\/Bytes`;
const NUMBER = "(bool|[iu](8|16|32|64)|[iu]size|f32|f64)";

/** A value of one type where another is wanted. */
export const values = [
  {
    codes: [CODES.noProperty],
    before: /\bprocess\.env\.$/,
    at: /^(?<name>\w+)/,
    says: ({ name }) =>
      `process.env is a Map: \`process.env.has("${name}")\`, then \`process.env.get("${name}")\``,
  },
  {
    codes: [CODES.argumentCount],
    at: /^[\w.]+\([^()]*\.\.\./,
    says: "AssemblyScript has no spread: write each argument, or call in a `for` loop",
  },
  {
    codes: [CODES.notAssignable],
    message: /^Type '\(this: /,
    at: /^[\w.]+\s*[,)]/,
    says: "AssemblyScript has no closures: a method is no function by itself, for it would not know its object. Call it in a `for` loop",
  },
  {
    codes: [CODES.notAssignable],
    message: new RegExp(`^Type '${STRING}' is not assignable to type 'i32'`),
    when: ({ nodes }) => nodes.some(({ kind }) => kind === NodeKind.EnumDeclaration),
    says: "an enum's members are numbers: leave the text out, and keep the names in an array beside it, `NAMES[mode]`",
  },
  {
    codes: [CODES.notAssignable],
    message: new RegExp(`^Type '${NUMBER}' is not assignable to type '${STRING}'`),
    says: "a number does not become text by itself: write value.toString(), or a template, `${value}`",
  },
  {
    codes: [CODES.notAssignable],
    message: new RegExp(`^Type '${STRING}' is not assignable to type '${BYTES}`),
    says: 'bytes are wanted, and this is a string: write utf8("literal"), or Bytes.fromString(text)',
  },
  {
    codes: [CODES.notAssignable],
    message: new RegExp(`^Type '${BYTES}( \\| null)?' is not assignable to type '${STRING}( \\| null)?'`),
    when: ({ nodes }) => nodes.some(({ kind }) => kind === NodeKind.Binary),
    says: 'these are bytes, and not a string: test for null, then compare by value.equals(utf8("literal"))',
  },
  {
    codes: [CODES.notAssignable],
    message: new RegExp(`^Type '${BYTES}( \\| null)?' is not assignable to type '${STRING}`),
    says: "a string is wanted, and these are bytes: test for null, then write value.toString()",
  },
  {
    codes: [CODES.notAssignable],
    message: /^Type '(?<type>[^|]+) \| null' is not assignable to type '\k<type>'/,
    at: /^null\b/,
    says: "this cannot be null: write `| null` at its type",
  },
  {
    codes: [CODES.notAssignable],
    message: /^Type '(?<type>[^|]+) \| null' is not assignable to type '\k<type>'/,
    says: (_, { text }) =>
      `\`${text}\` may be null here: test it before. The test of a field is forgotten at once, so keep it in a constant, \`const value = …; if (value !== null) …\``,
  },
  {
    codes: [CODES.notAssignable],
    message: /is not assignable to type '(?<name>[^' ]*)/,
    when: ({ message, program }) => isInterface(/to type '([^' ]*)/.exec(message)[1], program),
    says: "in AssemblyScript a class has an interface only if it says so: `class A implements B`",
  },
  {
    codes: [CODES.noIndex],
    message: /HttpFields|RequestHeaders|ResponseHeaders|RequestTrailers|ResponseTrailers/i,
    says: 'headers are read by a method: headers.get(utf8("name")), which is null when there is none',
  },
  {
    codes: [CODES.argumentCount],
    message: /^Expected 0 arguments, but got 1/,
    at: /^new\s+(?<type>Map|Set)\b/,
    says: ({ type }) =>
      `new ${type}() takes no values: make it empty, then ${type === "Map" ? "set(key, value)" : "add(value)"} each`,
  },
  {
    codes: [CODES.argumentCount],
    at: /^new\s+Date\s*\(\s*\)/,
    says: "new Date needs its time: new Date(Date.now()), or currentTimeNanos() of as-proxy-wasm",
  },
  {
    codes: [CODES.cast],
    message: /^Conversion from type 'f64' to '(?<to>\w+)'/,
    says: ({ to }) =>
      `\`number\` is f64, a floating point number, and ${to} is wanted: declare it as ${to}, or convert by \`<${to}>value\``,
  },
];

function isInterface(name, { elementsByName }) {
  return elementsByName.get(name)?.kind === ElementKind.InterfacePrototype;
}
