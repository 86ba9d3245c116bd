import { CODES } from "./codes.js";

const NO_ASYNC =
  "AssemblyScript has no async, await or promises: return Action.Pause, ask by this.call(request, handler) or wait by a Timer, and go on in the handler's method by resumeRequest()";
const NO_FOR_OF =
  "AssemblyScript has no `for…of`: count, `for (let i = 0; i < list.length; i++)`; of a Map or Set take keys() or values() first";
const NO_FOR_IN =
  "AssemblyScript has no `for…in`, and objects have no keys to list: use a Map and its keys()";
const NO_EXCEPTIONS =
  "AssemblyScript has no exceptions, nothing can be caught: test before the call, and return null or a result that says why";
const NO_GENERATORS =
  "AssemblyScript has no generators: fill an array, or write a class with a method next()";

/** Statements that AssemblyScript has not. */
export const statements = [
  { codes: [CODES.notImplemented], message: /Exceptions$/, says: NO_EXCEPTIONS },
  { codes: [CODES.notImplemented], message: /Iterators$/, says: NO_FOR_OF },
  { codes: [CODES.identifier], at: /^(const|let|var)\s*[[{][^;]*?[\]}]\s*of\b/, says: NO_FOR_OF },
  {
    codes: [CODES.initializer, CODES.expected],
    before: /\bfor\s*\(\s*(const|let|var)\s+\w+\s*$/,
    at: /^\s*in\b/,
    says: NO_FOR_IN,
  },
  { codes: [CODES.initializer, CODES.expected], at: /^\w+\s+in\b/, says: NO_FOR_IN },
  { codes: [CODES.expression, CODES.type, CODES.expected], at: /^(async|await)\b/, says: NO_ASYNC },
  {
    codes: [CODES.expression, CODES.type, CODES.expected, CODES.unexpected],
    before: /\b(await|async)\s+\w*$/,
    says: NO_ASYNC,
  },
  { codes: [CODES.expected], at: /^(for\s+)?await\b/, says: NO_ASYNC },
  { codes: [CODES.noName], message: /'Promise'/, says: NO_ASYNC },
  { codes: [CODES.identifier, CODES.type], at: /^\*/, says: NO_GENERATORS },
  { codes: [CODES.expression], at: /^yield\b/, says: NO_GENERATORS },
  {
    codes: [CODES.expression],
    at: /^:\s*(for|while|do|\{)/,
    says: "AssemblyScript has no labels: put the inner loop into a function and return from it",
  },
];
