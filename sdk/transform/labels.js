import { LiteralKind, NodeKind } from "assemblyscript";
import { isIdentifier, isSdkPath, localNameOf } from "./sources.js";
import { replaceNodes } from "./walk.js";

const LABELLED = ["LabelledCounter", "LabelledGauge", "LabelledHistogram"];
const LABEL = /^[A-Za-z_][A-Za-z0-9_]*$/;
const MOST_LABELS = 4;

/**
 * The labels of all labelled metrics of a program, sorted. Each must be a literal, for Envoy has to know them before the
 * module runs; what is wrong is reported where it stands.
 */
export function collectLabels(sources, report) {
  const found = new Set();
  for (const source of sources) {
    if (isSdkPath(source.internalPath)) continue;
    const names = LABELLED.map((name) => localNameOf(source, name)).filter((name) => name !== null);
    if (names.length > 0) collectFrom(source, names, found, report);
  }
  return [...found].sort();
}

function collectFrom(source, names, found, report) {
  replaceNodes(source, (node) => {
    if (node.kind !== NodeKind.New || !names.some((name) => isIdentifier(node.typeName.identifier, name)))
      return undefined;
    const labels = literalLabels(node.args[1]);
    if (labels === null) report(node.range, refusal(node));
    else labels.forEach((label) => found.add(label));
    return undefined;
  });
}

/** The elements of an array of one to four label names; null when it is anything else. */
function literalLabels(list) {
  if (list?.kind !== NodeKind.Literal || list.literalKind !== LiteralKind.Array) return null;
  const elements = list.elementExpressions;
  const labels = elements.filter(isStringLiteral).map(({ value }) => value);
  const areSound = labels.length === elements.length && labels.every((label) => LABEL.test(label));
  return areSound && labels.length >= 1 && labels.length <= MOST_LABELS ? labels : null;
}

function isStringLiteral(node) {
  return node.kind === NodeKind.Literal && node.literalKind === LiteralKind.String;
}

function refusal(node) {
  const name = node.typeName.identifier.text;
  return `${name} needs its labels as literals, one to four of letters, digits and _: new ${name}("name", ["method"])`;
}
