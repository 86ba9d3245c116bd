import { Compiler, NodeKind, TypeFlags } from "assemblyscript";
import { SDK_PATH } from "../sources.js";

const BYTES = `${SDK_PATH}/assembly/bytes/Bytes`;
const STRING = "~lib/string/String";

/** The methods of the library that look for a value by `==`, by their classes. */
const SEARCHES = new Map([
  ["~lib/array/Array", ["includes", "indexOf", "lastIndexOf"]],
  ["~lib/staticarray/StaticArray", ["includes", "indexOf", "lastIndexOf"]],
  ["~lib/map/Map", ["delete", "get", "has", "set"]],
  ["~lib/set/Set", ["add", "delete", "has"]],
]);

const SEARCH = "write a `for` loop with equals()";

/** Where what the compiler of a program meets is reported. */
const reports = new WeakMap();

/**
 * Lets the compiler of a program report what it alone can know, the types: Bytes that are compared by `==`, which tells
 * whether they are the same object, by the program or by a collection of the library, and strings that are used as
 * conditions, which even "" fulfils.
 */
export function checkComparisons(program, reportAt) {
  reports.set(program, reportAt);
}

for (const name of ["makeEq", "makeNe"]) {
  const make = Compiler.prototype[name];
  Compiler.prototype[name] = function (left, right, type, node) {
    if (isOf(type, BYTES) && node.kind === NodeKind.Binary && !hasNull(node))
      reportOf(this, node, "== tells whether two Bytes are the same object: compare with equals()");
    if (isOf(type, BYTES) && node.kind === NodeKind.Switch)
      reportOf(
        this,
        node.condition,
        "switch tells whether two Bytes are the same object: write `if` with equals()",
      );
    return make.call(this, left, right, type, node);
  };
}

const { compileCallDirect } = Compiler.prototype;
Compiler.prototype.compileCallDirect = function (instance, values, node, ...more) {
  if (looksForBytes(instance))
    reportOf(
      this,
      node,
      `${instance.prototype.name} looks for the same object, not for the same Bytes: ${SEARCH}`,
    );
  return compileCallDirect.call(this, instance, values, node, ...more);
};

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

function looksForBytes({ prototype, parent }) {
  const methods = SEARCHES.get(parent.prototype?.internalName);
  return methods?.includes(prototype.name) === true && isOf(parent.typeArguments[0], BYTES);
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
