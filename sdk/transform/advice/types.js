import { CODES } from "./codes.js";

const NO_UNION =
  "AssemblyScript has no union types but `T | null`: use a base class with a subclass for each case, or one class with a field for each";
const NO_LITERAL_UNION =
  "AssemblyScript has no union types but `T | null`: declare an enum, `enum Mode { Off, On }`, and compare with its members";
const NO_OBJECT_TYPE =
  "AssemblyScript has no object types: declare a class with these fields, and name it here";
const NO_MAPPED =
  "AssemblyScript has no types made of other types (keyof, Partial, conditional or template types): write the type itself";

/** Types that AssemblyScript has not. */
export const types = [
  {
    codes: [CODES.notImplemented],
    message: /union types$/,
    at: /^undefined\b/,
    says: "AssemblyScript has no undefined: absent is null, write `| null`",
  },
  {
    codes: [CODES.notImplemented],
    message: /union types$/,
    before: /\bundefined\s*\|\s*$/,
    says: "AssemblyScript has no undefined: absent is null, write `| null`",
  },
  { codes: [CODES.notImplemented], message: /union types$/, at: /^(["'`]|-?\d)/, says: NO_LITERAL_UNION },
  { codes: [CODES.notImplemented], message: /union types$/, says: NO_UNION },
  {
    codes: [CODES.unexpected],
    at: /^&/,
    says: "AssemblyScript has no intersection types: declare a class that has all of the members, or an interface that extends the others",
  },
  { codes: [CODES.type], at: /^\{/, says: NO_OBJECT_TYPE },
  {
    codes: [CODES.type],
    at: /^\[/,
    says: "AssemblyScript has no tuples: declare a class with a field for each value, or use an array of one type",
  },
  { codes: [CODES.type], at: /^(`|keyof\b|typeof\b|infer\b|unique\b)/, says: NO_MAPPED },
  {
    codes: [CODES.expression],
    before: /\btype\s+\w+(<[^=]*>)?\s*=\s*[^;=]+\s$/,
    at: /^(extends\b|\?)/,
    says: NO_MAPPED,
  },
  { codes: [CODES.expression, CODES.unexpected], at: /^extends\b/, says: NO_MAPPED },
  {
    codes: [CODES.noBody],
    at: /^\s*is\b/,
    says: "AssemblyScript has no type guards: return bool, and test for null or by instanceof where the value is used",
  },
  {
    codes: [CODES.noName],
    message: /'(?<name>any|unknown)'/,
    says: ({ name }) =>
      `AssemblyScript has no \`${name}\`: write the type, a base class, or a type parameter, \`function f<T>(value: T)\``,
  },
  {
    codes: [CODES.noName],
    message: /'never'/,
    says: "AssemblyScript has no `never`: write `void`, or the type that callers expect",
  },
  {
    codes: [CODES.noName],
    message: /'Record'/,
    says: "AssemblyScript has no `Record`: use a Map, `Map<string, string>`",
  },
  {
    codes: [CODES.noName],
    message: /'(ReadonlyArray|ReadonlyMap|ReadonlySet)'/,
    says: "AssemblyScript has no read-only collections: write `readonly` at the field, and `T[]`, Map or Set as its type",
  },
  {
    codes: [CODES.noName],
    message: /'(Partial|Required|Pick|Omit|Exclude|Extract|NonNullable|ReturnType|Parameters|Awaited)'/,
    says: NO_MAPPED,
  },
];
