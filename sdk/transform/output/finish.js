import { shortenNames } from "./names.js";

/** Lets what the compiler writes have short names: it asks the module for its bytes when it has optimised it. */
export function finishOutput(module) {
  const emit = module.emitBinary.bind(module);
  module.emitBinary = (...options) => {
    const output = emit(...options);
    if (output instanceof Uint8Array) return shortenNames(output);
    return { ...output, binary: shortenNames(output.binary) };
  };
}
