import { describe, expect, test } from "vitest";
import { compileFilter } from "../compile.ts";
import { build, IMPORT } from "./build.ts";

function manifestOf(wasm: Uint8Array<ArrayBuffer>): unknown {
  const [content] = WebAssembly.Module.customSections(new WebAssembly.Module(wasm), "proxy_wasm.manifest");
  return JSON.parse(new TextDecoder().decode(content));
}

describe("labels", () => {
  const FILTER = '@httpFilter("a") class A extends HttpFilter {}';
  const LABELLED = 'import { LabelledCounter, LabelledGauge as G } from "as-proxy-wasm";';

  test("of all metrics stand in the module's manifest, each once", async () => {
    const metrics =
      'const c = new LabelledCounter("c", ["who", "method"]); const g = new G("g", ["who"], 5);';
    expect(manifestOf(await build(LABELLED + metrics + FILTER))).toMatchObject({
      labels: ["build", "filter", "method", "version", "who"],
    });
  });

  test("are those of the build where no metric has any", async () => {
    expect(manifestOf(await build(FILTER))).toMatchObject({ labels: ["build", "filter", "version"] });
  });

  test("have the root_id of each filter beside them", async () => {
    const second = '@httpFilter("2nd") class B extends HttpFilter {}';
    expect(manifestOf(await build(`${FILTER} ${second}`))).toMatchObject({ rootIds: ["2nd", "a"] });
  });

  test.each([
    ["a list that is computed", "labels()"],
    ["no label", "[]"],
    ["five labels", '["a", "b", "c", "d", "e"]'],
    ["a label with a blank", '["a b"]'],
    ["a label that is no literal", '["a", label]'],
  ])("that are %s are refused", async (_, labels) => {
    const { wasm, errors } = await compileFilter(
      `${IMPORT}${LABELLED} const g = new G("g", ${labels}); ${FILTER}`,
    );
    expect(wasm).toBeNull();
    expect(errors).toContain(
      'G needs its labels as literals, one to four of letters, digits and _: new G("name", ["method"])',
    );
  });
});
