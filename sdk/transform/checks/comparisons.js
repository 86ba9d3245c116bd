import { Compiler, NodeKind, TypeFlags } from "assemblyscript";
import { SDK_PATH } from "../sources.js";

const BYTES = `${SDK_PATH}/assembly/bytes/Bytes`;
const STRING = "~lib/string/String";

/** Where what the compiler of a program meets is reported. */
const reports = new WeakMap();

/**
 * Lets the compiler of a program report what it alone can know, the types of both sides: Bytes that are compared by `==`,
 * which tells whether they are the same object, and strings that are used as conditions, which even "" fulfils.
 */
export function checkComparisons(program, reportAt) {
  reports.set(program, reportAt);
}

for (const name of ["makeEq", "makeNe"]) {
  const make = Compiler.prototype[name];
  Compiler.prototype[name] = function (left, right, type, node) {
    if (isOf(type, BYTES) && node.kind === NodeKind.Binary && !hasNull(node))
      reportOf(this, node, "== tells whether two Bytes are the same object: compare with equals()");
    return make.call(this, left, right, type, node);
  };
}

const { makeIsTrueish } = Compiler.prototype;
Compiler.prototype.makeIsTrueish = function (expression, type, node) {
  if (isOf(type, STRING) && !type.is(TypeFlags.Nullable) && !isNarrowed(this, node))
    reportOf(this, node, 'a string is true even when it is empty: write `text != ""`, or `text.length > 0`');
  return makeIsTrueish.call(this, expression, type, node);
};

function reportOf({ program }, node, text) {
  if (!node.range.source.internalPath.startsWith("~lib/")) reports.get(program)?.(node.range, text);
}

function isOf(type, internalName) {
  return type.classReference?.prototype.internalName === internalName;
}

function hasNull({ left, right }) {
  return left.kind === NodeKind.Null || right.kind === NodeKind.Null;
}

/** Whether a variable may be null, and only is not where it stands: to test it again is no mistake. */
function isNarrowed({ currentFlow }, node) {
  return (
    node.kind === NodeKind.Identifier && currentFlow.lookup(node.text)?.type?.is(TypeFlags.Nullable) === true
  );
}
