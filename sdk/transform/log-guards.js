import { Node, NodeKind } from "assemblyscript";
import { isIdentifier, localNameOf } from "./sources.js";
import { replaceNodes } from "./walk.js";

/** The functions of `log` and the number of their level in the ABI. */
const LEVELS = new Map(
  ["trace", "debug", "info", "warn", "error", "critical"].map((name, level) => [name, level]),
);

/** Puts `if (log.isOn(level))` before each `log.debug(…)` and its kin, so that no message is formatted in vain. */
export function guardLogCalls(source, report) {
  const log = localNameOf(source, "log");
  if (log === null) return;
  const guarded = new Set();
  replaceNodes(source, (node) => {
    if (node.kind === NodeKind.Expression && isLogCall(node.expression, log)) {
      guarded.add(node.expression);
      return guard(node, log);
    }
    if (node.body?.kind === NodeKind.If) node.body = Node.createBlockStatement([node.body], node.range); // () => log.info(…)
    return undefined;
  });
  replaceNodes(source, (node) => {
    if (isLogCall(node, log) && !guarded.has(node)) {
      report(node.range, `${log}.${node.expression.property.text}(…) must be a statement of its own`);
    }
    return undefined;
  });
}

function isLogCall(node, log) {
  if (node.kind !== NodeKind.Call || node.expression.kind !== NodeKind.PropertyAccess) return false;
  return isIdentifier(node.expression.expression, log) && LEVELS.has(node.expression.property.text);
}

function guard(statement, log) {
  const { range } = statement;
  const level = LEVELS.get(statement.expression.expression.property.text);
  const isOn = Node.createPropertyAccessExpression(
    Node.createIdentifierExpression(log, range),
    Node.createIdentifierExpression("isOn", range),
    range,
  );
  const condition = Node.createCallExpression(
    isOn,
    null,
    [Node.createIntegerLiteralExpression(i64_new(level), range)],
    range,
  );
  return Node.createIfStatement(condition, statement, null, range);
}
