import { NodeKind } from "assemblyscript";
import { KINDS } from "../filters.js";
import { importedNames, isSdkPath } from "../sources.js";

/** What the transform looks for in each file by the name that the file imports it under. */
const SOUGHT = new Set([
  ...KINDS.map(({ decorator }) => decorator),
  ...["labelNames", "LabelledCounter", "LabelledGauge", "LabelledHistogram", "log", "utf8", "WorkerGauge"],
]);

const NAMESPACE =
  'a namespace hides what the SDK looks for by its name: write `import { HttpFilter, httpFilter } from "as-proxy-wasm"`, and the names alone';

/**
 * Reports what would hide the SDK's names from the transform, so that a metric's labels were lost in silence: a namespace
 * in place of names, and a file that passes them on to others.
 */
export function checkImports(sources, reportAt) {
  for (const source of sources.filter(({ internalPath }) => !isSdkPath(internalPath))) {
    for (const statement of source.statements) {
      if (statement.kind === NodeKind.Import) checkImport(statement, reportAt);
      if (statement.kind === NodeKind.Export) checkExport(statement, source, reportAt);
    }
  }
}

function checkImport({ internalPath, namespaceName, range }, reportAt) {
  if (isSdkPath(internalPath) && namespaceName !== null) reportAt(range, NAMESPACE);
}

function checkExport({ internalPath, members, range }, source, reportAt) {
  const isOfSdk = internalPath !== null && isSdkPath(internalPath);
  if (isOfSdk && members === null) reportAt(range, passedOn("what the SDK exports"));
  const imported = internalPath === null ? importedNames(source) : new Map();
  for (const { localName, range: place } of members ?? []) {
    const name = isOfSdk ? localName.text : imported.get(localName.text);
    if (SOUGHT.has(name)) reportAt(place, passedOn(name));
  }
}

function passedOn(name) {
  return `${name} is looked for by its name: import it from "as-proxy-wasm" in each file that uses it, and pass it on by none`;
}
