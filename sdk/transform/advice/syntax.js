import { CODES } from "./codes.js";

const NO_DESTRUCTURING =
  "AssemblyScript has no destructuring: take each value by itself, `const first = pair[0]; const name = user.name`";
const NO_OBJECT_LITERAL =
  "AssemblyScript has no objects without a class: declare a class with these fields, and give the constant its type, `const point: Point = { x: 1 }`";
const NO_REGEXP =
  "AssemblyScript has no regular expressions: use startsWith, endsWith, includes, indexOf or split, or RegularExpression of as-proxy-wasm";

/** Expressions and pieces of declarations that AssemblyScript has not. */
export const syntax = [
  {
    codes: [CODES.expression],
    before: /\?$/,
    at: /^\.(?!\d)/,
    says: "AssemblyScript has no `?.`: keep the value in a constant and test it, `const value = …; if (value !== null) …`",
  },
  {
    codes: [CODES.expression],
    before: /\?$/,
    at: /^\?/,
    says: "AssemblyScript has no `??`: keep the value in a constant, and write `value !== null ? value : other`",
  },
  { codes: [CODES.identifier], at: /^(const|let|var)\s*[[{]/, says: NO_DESTRUCTURING },
  { codes: [CODES.identifier], before: /\bfunction\s*\w*\s*$/, at: /^\(\s*[[{]/, says: NO_DESTRUCTURING },
  { codes: [CODES.readOnly], before: /\]\s*=\s*$/, at: /^\[/, says: NO_DESTRUCTURING },
  { codes: [CODES.readOnly], at: /^\[[^\]]*\]\s*=/, says: NO_DESTRUCTURING },
  {
    codes: [CODES.identifier, CODES.notImplemented, CODES.expression, CODES.unexpected],
    at: /^\{?\s*\.\.\./,
    says: "AssemblyScript has no spread: join arrays by concat(), and copy an object by a method that sets each field",
  },
  { codes: [CODES.notAssignable], message: /^Type '<object>'/, says: NO_OBJECT_LITERAL },
  { codes: [CODES.notImplemented], message: /Interface hidden classes/, says: NO_OBJECT_LITERAL },
  { codes: [CODES.expected], before: /[{,]\s*(get|set|async)\s*$/, at: /^\w+\s*\(/, says: NO_OBJECT_LITERAL },
  { codes: [CODES.expected], before: /[{,]\s*$/, at: /^(get|set)\s+\w+\s*\(/, says: NO_OBJECT_LITERAL },
  {
    codes: [CODES.expected],
    before: /[{,]\s*\w+\s*$/,
    at: /^\([^)]*\)\s*(:[^{]*)?\{/,
    says: NO_OBJECT_LITERAL,
  },
  { codes: [CODES.notImplemented], message: /Regular expressions/, says: NO_REGEXP },
  {
    codes: [CODES.notImplemented],
    message: /Const assertion/,
    says: "AssemblyScript has no `as const`: leave it out, and write the type, `const names: string[] = […]`",
  },
  {
    codes: [CODES.notImplemented],
    message: /'in' operator/,
    says: "AssemblyScript has no `in`: objects have no keys to look up. Use a Map and its has(key), or headers.has(name)",
  },
  {
    codes: [CODES.unexpected],
    at: /^satisfies\b/,
    says: "AssemblyScript has no `satisfies`: write the type at the declaration, `const x: T = …`",
  },
  {
    codes: [CODES.numericSuffix],
    at: /^n\b/,
    says: "AssemblyScript has no bigint: write the number without `n`, its type is i64 or u64",
  },
  {
    codes: [CODES.numericSuffix],
    before: /\d$/,
    says: "AssemblyScript has no bigint: write the number without `n`, its type is i64 or u64",
  },
  {
    codes: [CODES.expression, CODES.expected],
    before: /\bvoid\s+\w*$/,
    says: "AssemblyScript has no `void` operator: call the function as a statement of its own",
  },
  { codes: [CODES.expected], at: /^void\b/, says: "AssemblyScript has no `void` operator: absent is null" },
  {
    codes: [CODES.unexpected],
    before: /\bvoid\s+$/,
    says: "AssemblyScript has no `void` operator: call the function as a statement of its own, and write null for undefined",
  },
  {
    codes: [CODES.noName],
    message: /'delete'/,
    says: "AssemblyScript has no `delete`: set a field to null, or use a Map and its delete(key)",
  },
  {
    codes: [CODES.invalidCharacter],
    at: /^#\w/,
    says: "AssemblyScript has no `#names`: write `private name`",
  },
  {
    codes: [CODES.identifier],
    at: /^static\s*\{/,
    says: "AssemblyScript has no static blocks: give static fields their values where they are declared",
  },
  {
    codes: [CODES.expected],
    message: /^'key'/,
    says: "AssemblyScript has no computed names of members: write a name, and index a Map instead of an object",
  },
  {
    codes: [CODES.expected],
    message: /^'\{'/,
    before: /=\s*class\s*(\w+\s*)?(extends\s*)?$/,
    says: "AssemblyScript has no class expressions: declare the class at the file's top level, `class A extends B { … }`",
  },
];
