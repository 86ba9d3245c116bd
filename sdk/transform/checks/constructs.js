import { DiagnosticCategory, LiteralKind, NodeKind, Token } from "assemblyscript";
import { userSources } from "../sources.js";
import { replaceNodes } from "../walk.js";

const THROW =
  '`throw` ends the VM, and every stream of the worker with it: return this.respond(500, "details") for one stream, and json.refuse(…) for a configuration';
const REGEXP =
  "AssemblyScript has no regular expressions: new RegExp compiles, and traps when it runs. Use startsWith, endsWith, includes, indexOf or split, or RegularExpression of as-proxy-wasm";
const HOLE = "an array without a type cannot leave elements out: write a value in each place";
const UNDEFINED = 'typeof is never "undefined" in AssemblyScript: compare with null';

/** What compiles, or crashes the compiler, and does not do at run time what a TypeScript developer means by it. */
export function checkConstructs(sources, reportAt) {
  for (const source of userSources(sources)) {
    replaceNodes(source, (node) => {
      if (node.kind === NodeKind.Throw) reportAt(node.range, THROW, DiagnosticCategory.Warning);
      if (isNewRegExp(node) && !declares(source, "RegExp")) reportAt(node.range, REGEXP);
      if (hasHole(node)) reportAt(node.initializer.range, HOLE);
      if (isTypeofUndefined(node)) reportAt(node.range, UNDEFINED);
      return undefined;
    });
  }
}

function isNewRegExp(node) {
  return node.kind === NodeKind.New && node.typeName.identifier.text === "RegExp";
}

/** Whether a file has a name of its own, declared or imported. */
function declares({ statements }, name) {
  return statements.some(
    (statement) =>
      statement.name?.text === name ||
      statement.declarations?.some((declaration) => declaration.name?.text === name),
  );
}

function hasHole({ kind, type, initializer }) {
  if (
    kind !== NodeKind.VariableDeclaration ||
    type !== null ||
    initializer?.literalKind !== LiteralKind.Array
  )
    return false;
  return initializer.elementExpressions.some((element) => element.kind === NodeKind.Omitted);
}

function isTypeofUndefined(node) {
  if (node.kind !== NodeKind.Binary) return false;
  const sides = [node.left, node.right];
  return (
    sides.some(({ kind, operator }) => kind === NodeKind.UnaryPrefix && operator === Token.TypeOf) &&
    sides.some(({ literalKind, value }) => literalKind === LiteralKind.String && value === "undefined")
  );
}
