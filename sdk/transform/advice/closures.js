import { NodeKind } from "assemblyscript";
import { CODES } from "./codes.js";

/** Functions that use what belongs to the function around them. */
export const closures = [
  {
    codes: [CODES.notImplemented],
    message: /Closures$/,
    says: (_, { text }) => captured(text),
  },
  {
    codes: [CODES.unassigned],
    message: /^Variable '/,
    when: (place) => isOfFunctionAround(place.text, place),
    says: (_, { text }) => captured(text),
  },
  {
    codes: [CODES.noProperty],
    before: /\bthis\.$/,
    when: (place) => functionsAround(place).length > 1,
    says: captured("this"),
  },
  {
    codes: [CODES.noProperty],
    at: /^this\b/,
    when: (place) => functionsAround(place).length > 1,
    says: captured("this"),
  },
];

function captured(name) {
  const field = name === "this" ? "filter" : name;
  return `AssemblyScript has no closures: \`${name}\` is of the function around this one. Use a \`for\` loop, or a class with a field \`${field}\` and a method`;
}

function isOfFunctionAround(name, place) {
  const inner = functionsAround(place);
  if (inner.length < 2) return false;
  const { range } = inner.at(-1);
  return !new RegExp(`\\b(let|const|var)\\s+${name.replaceAll("$", "\\$")}\\b`).test(range.toString());
}

/** The functions that a place lies in, methods included, from the outermost to the innermost. */
function functionsAround({ nodes }) {
  const kinds = [NodeKind.Function, NodeKind.FunctionDeclaration, NodeKind.MethodDeclaration];
  return nodes.filter(({ kind }) => kinds.includes(kind));
}
