import { describe, expect, test } from "vitest";
import { adviceOn, besideFilter, inCallback, placeOf } from "./advice.ts";

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
