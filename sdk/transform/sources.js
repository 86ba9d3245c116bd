import { NodeKind } from "assemblyscript";

/** The path under which asc knows the SDK's files. */
export const SDK_PATH = "~lib/as-proxy-wasm";

/** Whether a path that asc uses internally is one of the SDK's own files. */
export function isSdkPath(internalPath) {
  return internalPath === SDK_PATH || internalPath.startsWith(`${SDK_PATH}/`);
}

/** The files of a program that are neither of a library nor generated. */
export function userSources(sources) {
  return sources.filter(({ internalPath }) => isUserPath(internalPath));
}

/** Whether a path that asc uses internally is of a file that the program's author wrote. */
export function isUserPath(internalPath) {
  return !internalPath.startsWith("~lib/") && !internalPath.startsWith("proxy-wasm-");
}

/** The name under which a file imported one of the SDK's names; null when it did not. */
export function localNameOf(source, foreignName) {
  for (const [local, foreign] of importedNames(source)) if (foreign === foreignName) return local;
  return null;
}

/** The SDK's names that a file imports, by those that it has for them. */
export function importedNames({ statements }) {
  const declarations = statements
    .filter(({ kind, internalPath }) => kind === NodeKind.Import && isSdkPath(internalPath))
    .flatMap(({ declarations }) => declarations ?? []);
  return new Map(declarations.map(({ name, foreignName }) => [name.text, foreignName.text]));
}

/** Whether a node is a call of the function with this name; `f(…)`. */
export function isCallOf(node, name) {
  return node.kind === NodeKind.Call && isIdentifier(node.expression, name);
}

/** Whether a node is the identifier with this name. */
export function isIdentifier(node, name) {
  return node.kind === NodeKind.Identifier && node.text === name;
}
