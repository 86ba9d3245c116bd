import { describe, expect, test } from "vitest";
import { adviceOn, besideFilter, inCallback, placeOf } from "./advice.ts";

describe("imports that hide the SDK's names", () => {
  const NAMESPACE =
    'a namespace hides what the SDK looks for by its name: write `import { HttpFilter, httpFilter } from "as-proxy-wasm"`, and the names alone';
  const passedOn = (name: string): string =>
    `${name} is looked for by its name: import it from "as-proxy-wasm" in each file that uses it, and pass it on by none`;
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string[]]> = [
    ["a namespace", besideFilter('«import * as sdk from "as-proxy-wasm"; export const c = new sdk.LabelledCounter("c", ["who"]);'), [NAMESPACE]],
    ["a namespace of one file", besideFilter('«import * as all from "as-proxy-wasm/assembly/metrics/labelled"; export const c = new all.LabelledCounter("c", ["who"]);'), [NAMESPACE]],
    ["all names passed on", besideFilter('«export * from "as-proxy-wasm";'), [passedOn("what the SDK exports")]],
    ["a name passed on", besideFilter('export { Bytes, «LabelledCounter } from "as-proxy-wasm";'), [passedOn("LabelledCounter")]],
    ["an imported name passed on", besideFilter("export { «utf8 };"), [passedOn("utf8")]],
    ["a name passed on that nobody looks for", besideFilter('export { Bytes } from "as-proxy-wasm";'), []],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual(advice.map((text) => `${placeOf(source)}: ${text}`));
  });
});

describe("imports of what is not there", () => {
  // One line a case; « marks the place that is pointed to.
  // prettier-ignore
  const cases: Array<[what: string, source: string, advice: string]> = [
    ["a package of JavaScript", besideFilter('import { z } from «"zod"; z();'), `"zod" is not found, or is not AssemblyScript: a filter runs in Wasm, where neither Node's modules nor packages for JavaScript run: only files and packages written in AssemblyScript can be imported`],
    ["a module of Node", besideFilter('import { readFileSync } from «"node:fs"; readFileSync("x");'), `"node:fs" is not found, or is not AssemblyScript: a filter runs in Wasm, where neither Node's modules nor packages for JavaScript run: only files and packages written in AssemblyScript can be imported`],
    ["an extension", besideFilter('import { x } from «"./gone.ts"; x();'), 'imports have no extension: write "./gone"'],
    ["import type", besideFilter('import «type { Timer } from "as-proxy-wasm";'), "AssemblyScript has no `import type`: write `import { … } from`; what is not used costs nothing"],
    ["import of a type", besideFilter('import { «type Timer } from "as-proxy-wasm";'), "AssemblyScript has no `import type`: write `import { … } from`; what is not used costs nothing"],
    ["import()", inCallback('const n = «import("./x");'), "AssemblyScript has no `import()` and no `import.meta`: import at the top of the file"],
    ["import.meta", inCallback("const n = «import.meta.url;"), "AssemblyScript has no `import()` and no `import.meta`: import at the top of the file"],
  ];

  test.for(cases)("%s", async ([, source, advice]) => {
    expect(await adviceOn(source)).toEqual([`${placeOf(source)}: ${advice}`]);
  });
});
