import { CODES } from "./codes.js";

const NO_PACKAGES =
  "a filter runs in Wasm, where neither Node's modules nor packages for JavaScript run: only files and packages written in AssemblyScript can be imported";
const NO_TYPE_IMPORT =
  "AssemblyScript has no `import type`: write `import { … } from`; what is not used costs nothing";

/** Imports of what is not there. */
export const imports = [
  {
    codes: [CODES.fileNotFound],
    at: /^["'](?<path>\.[^"']*)\.([jt]s)["']/,
    says: ({ path }) => `imports have no extension: write "${path}"`,
  },
  {
    codes: [CODES.fileNotFound],
    message: /^File '~lib\/(?<name>.*?)(\/index)?\.ts'/,
    says: ({ name }) => `"${name}" is not found, or is not AssemblyScript: ${NO_PACKAGES}`,
  },
  {
    codes: [CODES.expected],
    message: /^'from'/,
    before: /\bimport\s+$|\bexport\s+$/,
    at: /^type\b/,
    says: NO_TYPE_IMPORT,
  },
  {
    codes: [CODES.expected],
    message: /^'(from|\}|\{)'/,
    before: /\b(import|export)\s+type\s*$/,
    says: NO_TYPE_IMPORT,
  },
  { codes: [CODES.expected], before: /\bimport\s*\{[^}]*$/, at: /^type\s+\w/, says: NO_TYPE_IMPORT },
  { codes: [CODES.expected], before: /\bimport\s*\{[^}]*\btype\s*$/, says: NO_TYPE_IMPORT },
  {
    codes: [CODES.expression],
    at: /^import\b/,
    says: "AssemblyScript has no `import()` and no `import.meta`: import at the top of the file",
  },
];
