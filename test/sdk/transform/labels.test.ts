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

  test("that a configuration may choose from are named by labelNames, any number of them", async () => {
    const names =
      'import { labelNames } from "as-proxy-wasm"; const n = labelNames(["a", "b", "c", "d", "e"]);';
    expect(manifestOf(await build(names + FILTER))).toMatchObject({
      labels: ["a", "b", "build", "c", "d", "e", "filter", "version"],
    });
  });

  test.each(["[]", '["a b"]', "names", '["a", label]'])(
    "of labelNames must be literals: %s",
    async (list) => {
      const imports = 'import { labelNames as all } from "as-proxy-wasm";';
      const { wasm, errors } = await compileFilter(`${IMPORT}${imports} const n = all(${list}); ${FILTER}`);
      expect(wasm).toBeNull();
      expect(errors).toMatch(/all needs literals of letters, digits and _/);
    },
  );

  test("are joined by the worker's where a gauge has a series for each, which hears of queues then", async () => {
    const gauge =
      'import { WorkerGauge } from "as-proxy-wasm"; export function open(): void { WorkerGauge.of("a").add(); }';
    const wasm = await build(gauge + FILTER);
    const exported = WebAssembly.Module.exports(new WebAssembly.Module(wasm)).map(({ name }) => name);

    expect(manifestOf(wasm)).toMatchObject({ labels: ["build", "filter", "version", "worker"] });
    expect(exported).toContain("proxy_on_queue_ready");
    expect(exported).not.toContain("proxy_on_queue_ready_with_workers");
  });
});
