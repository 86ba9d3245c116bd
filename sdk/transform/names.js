import { SDK_PATH } from "./sources.js";

/**
 * Takes the path of the SDK's folder out of its functions' names, which a module has for the proxy's backtraces:
 * `http-fields/HttpFields#get`. They are made of the files' names when the functions are compiled.
 */
export function shortenNames(program) {
  for (const file of program.filesByName.values()) {
    const folder = `${SDK_PATH}/assembly/`;
    if (file.internalName.startsWith(folder)) file.internalName = file.internalName.slice(folder.length);
  }
}
