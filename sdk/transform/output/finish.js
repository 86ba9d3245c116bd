import { inlineOnlyCalls } from "./inlining.js";
import { shortenNames } from "./names.js";

/** Does the last of the work when the compiler asks the module for its bytes, which it does when it has optimised it. */
export function finishOutput(module) {
  const emit = module.emitBinary.bind(module);
  module.emitBinary = (...options) => {
    inlineOnlyCalls(module);
    const output = emit(...options);
    if (output instanceof Uint8Array) return shortenNames(output);
    return { ...output, binary: shortenNames(output.binary) };
  };
}
