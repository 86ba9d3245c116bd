import { LiteralKind, NodeKind } from "assemblyscript";
import { isCallOf, isIdentifier, isSdkPath, localNameOf, userSources } from "./sources.js";
import { replaceNodes } from "./walk.js";

const LABELLED = ["LabelledCounter", "LabelledGauge", "LabelledHistogram"];
const LABEL = /^[A-Za-z_][A-Za-z0-9_]*$/;
const MOST_LABELS = 4;

/** Whether a file of the program's author uses the gauge of the SDK that has a series for each worker thread. */
export function usesWorkerGauge(sources) {
  return userSources(sources).some((source) => localNameOf(source, "WorkerGauge") !== null);
}

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
    collectNames(source, found, report);
  }
  if (usesWorkerGauge(sources)) found.add("worker");
  return [...found].sort();
}

function collectFrom(source, names, found, report) {
  replaceNodes(source, (node) => {
    if (node.kind !== NodeKind.New || !names.some((name) => isIdentifier(node.typeName.identifier, name)))
      return undefined;
    const labels = literalLabels(node.args[1], MOST_LABELS);
    if (labels === null) report(node.range, refusal(node));
    else labels.forEach((label) => found.add(label));
    return undefined;
  });
}

/** The labels of a `labelNames([…])`, whose metrics have any of them. */
function collectNames(source, found, report) {
  const name = localNameOf(source, "labelNames");
  if (name === null) return;
  replaceNodes(source, (node) => {
    if (!isCallOf(node, name)) return undefined;
    const labels = literalLabels(node.args[0], Infinity);
    if (labels === null) report(node.range, `${name} needs literals of letters, digits and _`);
    else labels.forEach((label) => found.add(label));
    return undefined;
  });
}

/** The elements of an array of one to so many label names; null when it is anything else. */
function literalLabels(list, most) {
  if (list?.kind !== NodeKind.Literal || list.literalKind !== LiteralKind.Array) return null;
  const elements = list.elementExpressions;
  const labels = elements.filter(isStringLiteral).map(({ value }) => value);
  const areSound = labels.length === elements.length && labels.every((label) => LABEL.test(label));
  return areSound && labels.length >= 1 && labels.length <= most ? labels : null;
}

function isStringLiteral(node) {
  return node.kind === NodeKind.Literal && node.literalKind === LiteralKind.String;
}

function refusal(node) {
  const name = node.typeName.identifier.text;
  return `${name} needs its labels as literals, one to four of letters, digits and _: new ${name}("name", ["method"])`;
}
