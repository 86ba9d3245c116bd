import { CODES } from "./codes.js";

const NO_HANDLER =
  "a function's parameters and result need their types here. For an SDK's callback, which takes an object, declare a class: `class Later extends Timer { onTime(): void { … } }`";

/** Declarations whose types asc wants to be written. */
export const declarations = [
  {
    codes: [CODES.type],
    before: /\(\s*\)?\s*$/,
    at: /^\)?\s*=>/,
    says: NO_HANDLER,
  },
  {
    codes: [CODES.type],
    at: /^accessor\s+\w/,
    says: "AssemblyScript has no `accessor`: write the field, or a getter and a setter",
  },
  {
    codes: [CODES.type],
    before: /(=>|[(,=]\s*\(?\w*)$/,
    at: /^[^;{]*=>/,
    says: NO_HANDLER,
  },
  {
    codes: [CODES.type],
    before: /\)\s*$/,
    at: /^\s*\{/,
    says: "AssemblyScript does not infer what a function returns: write it, `: void` for nothing",
  },
  {
    codes: [CODES.type],
    before: /\blet\s+(?<name>\w+)$|\bvar\s+(?<other>\w+)$/,
    says: 'a variable without a value needs its type: `let name: string = ""`',
  },
  {
    codes: [CODES.type],
    before: /[(,]\s*((public|private|protected|readonly)\s+)*(?<name>\w+)$/,
    says: ({ name }) => `the parameter \`${name}\` needs its type: \`${name}: …\``,
  },
  {
    codes: [CODES.type],
    at: /^(?<name>\w+)\s*=\s*(\([^)]*\)|\w+)\s*(:\s*\w+\s*)?=>/,
    says: ({ name }) => `write a method in place of a field that holds a function: \`${name}(…): … { … }\``,
  },
  {
    codes: [CODES.type],
    at: /^(?<name>\w+)\s*(=\s*(?<value>[^;\n}]+))?/,
    says: ({ name, value }) => `the field \`${name}\` needs its type: \`${name}: ${typeOf(value)}\``,
  },
  {
    codes: [CODES.optionalField],
    at: /^(?<name>\w+)/,
    says: ({ name }) => `AssemblyScript has no optional fields: write \`${name}: T | null = null\``,
  },
  {
    codes: [CODES.optionalParameter],
    says: "an optional parameter needs its value: `name: string | null = null`, without the `?`",
  },
];

function typeOf(value = '""') {
  const type = /^["'`]/.test(value)
    ? "string"
    : /^(true|false)\b/.test(value)
      ? "bool"
      : /^-?\d+$/.test(value)
        ? "i32"
        : "…";
  return `${type} = ${value.trim()}`;
}
