import { ElementKind } from "assemblyscript";
import { isLiteralName } from "./literals.js";
import { isSdkPath, SDK_PATH } from "./sources.js";

/**
 * Makes the names short that a module has for the proxy's backtraces: the path of the SDK's folder is taken out of its
 * functions', `http-fields/HttpFields#get`, and globals of the SDK and literals, which no backtrace shows, have numbers.
 */
export function shortenNames(program) {
  numberGlobals(program);
  for (const file of program.filesByName.values()) {
    const folder = `${SDK_PATH}/assembly/`; // functions' names are made of their file's when they are compiled
    if (file.internalName.startsWith(folder)) file.internalName = file.internalName.slice(folder.length);
  }
}

function numberGlobals({ elementsByName }) {
  [...elementsByName.values()].filter(isNameless).forEach((global, i) => {
    global.internalName = `~${i}`;
    elementsByName.set(global.internalName, global); // the compiler looks it up
  });
}

function isNameless({ kind, name, file }) {
  return kind === ElementKind.Global && (isSdkPath(file.internalName) || isLiteralName(name));
}
