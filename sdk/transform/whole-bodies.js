import { NodeKind } from "assemblyscript";
import { isSdkPath } from "./sources.js";
import { replaceNodes } from "./walk.js";

/** The methods by which a filter asks for a whole body, and those that are called when it is there. */
const CALLBACKS = new Map([
  ["bufferRequestBody", "onWholeRequestBody"],
  ["bufferResponseBody", "onWholeResponseBody"],
]);

/** Where the program asks for whole bodies: `{ range, call, callback }`. Without the callback the body never comes. */
export function findWholeBodyCalls(sources) {
  const found = [];
  for (const source of sources.filter(({ internalPath }) => !isSdkPath(internalPath))) {
    replaceNodes(source, (node) => {
      const call = node.kind === NodeKind.Call ? node.expression.property?.text : undefined;
      if (CALLBACKS.has(call)) found.push({ range: node.range, call, callback: CALLBACKS.get(call) });
      return undefined;
    });
  }
  return found;
}

/** Reports the calls whose callback is not among the methods that filters override. */
export function checkWholeBodyCalls(calls, overridden, reportAt) {
  for (const { range, call, callback } of calls.filter(({ callback }) => !overridden.includes(callback)))
    reportAt(range, `${call}() holds the message for ${callback}, which no filter overrides: override it`);
}
