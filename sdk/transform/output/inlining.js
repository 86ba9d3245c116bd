import binaryen from "assemblyscript/binaryen";

const UNLIMITED = 0xffffffff;

/**
 * Puts each function that is called in one place into its caller, however long it is: the compiler's own limit, which is
 * meant to keep functions small where speed is wanted, leaves some 2 % of a module to calls, prologues and names.
 */
export function inlineOnlyCalls(module) {
  if (binaryen.getOptimizeLevel() === 0) return; // a build for debugging
  const before = binaryen.getOneCallerInlineMaxSize();
  binaryen.setOneCallerInlineMaxSize(UNLIMITED);
  try {
    module.runPasses(["inlining-optimizing"]);
  } finally {
    binaryen.setOneCallerInlineMaxSize(before);
  }
}
