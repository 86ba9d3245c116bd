import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { compileFilter } from "./compile.ts";

const EMPTY = `import { HttpFilter, httpFilter } from "as-proxy-wasm";
  @httpFilter("empty") class Empty extends HttpFilter {}`;

const READS_JSON = filterThatReads('json.stringOr("when", "");', "endOfStream");
const CONDITIONAL = filterThatReads(
  'this.condition = readCondition(json, "when");',
  "this.config.condition!.holds(new RequestFacts(headers, new FactsOptions())) == Truth.Yes",
  "condition: Condition | null = null;",
);

/** A filter with a configuration, which answers requests where something is so. */
function filterThatReads(reading: string, isAnswered: string, field = ""): string {
  return `import { Action, Condition, Configuration, FactsOptions, HttpFilter, httpFilter, JsonObject, readCondition,
      RequestFacts, RequestHeaders, Truth } from "as-proxy-wasm";
    class C extends Configuration { ${field} read(json: JsonObject): void { ${reading} } }
    @httpFilter("a") class A extends HttpFilter<C> {
      onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
        return ${isAnswered} ? this.respond(403, "no") : Action.Continue;
      }
    }`;
}

async function build(text: string, files: Record<string, string> = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { wasm, errors } = await compileFilter(text, files);
  if (wasm === null) throw new Error(errors);
  return wasm;
}

/** The size without the names of functions and without the source map's address, which no proxy needs to run it. */
function strippedSize(wasm: Uint8Array<ArrayBuffer>): number {
  const module = new WebAssembly.Module(wasm);
  const custom = ["name", "sourceMappingURL"].flatMap((name) =>
    WebAssembly.Module.customSections(module, name),
  );
  return custom.reduce((size, section) => size - section.byteLength, wasm.byteLength);
}

function functionNames(wasm: Uint8Array<ArrayBuffer>): string {
  const [names] = WebAssembly.Module.customSections(new WebAssembly.Module(wasm), "name");
  return Buffer.from(names ?? new ArrayBuffer()).toString("latin1");
}

/** A filter whose configuration is JSON with what stands here, and whose plugin does what stands there. */
function reading(imports: string, read: string, plugin: string): string {
  return `import { ${imports} Action, Configuration, HttpFilter, httpFilter, JsonObject, Plugin, RequestHeaders, utf8 }
      from "as-proxy-wasm";
    class C extends Configuration { ${read} }
    class P extends Plugin<C> { ${plugin} }
    @httpFilter("a") class A extends HttpFilter<C, P> {
      onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
        const token = headers.get(utf8("authorization"));
        return token !== null && this.plugin.allows(token) ? Action.Continue : this.respond(401, "refused");
      }
    }`;
}

const COMPARING = reading(
  "Bytes,",
  `token: Bytes = Bytes.EMPTY; read(json: JsonObject): void { this.token = json.bytes("token"); }`,
  `allows(token: Bytes): bool { return token.equals(this.config.token); }`,
);

const VERIFYING = reading(
  "Bytes, HttpCallRequest, Jwt, JwtVerdict, JwtVerifier, RemoteKeys,",
  `token: Bytes = Bytes.EMPTY; read(json: JsonObject): void { this.token = json.bytes("token"); }`,
  `verifier: JwtVerifier = new JwtVerifier();
   keys: RemoteKeys = new Keys(this, new HttpCallRequest(utf8("keys"), utf8("/")));
   onConfigured(): void { this.keys.start(); }
   allows(token: Bytes): bool { return this.keys.verify(this.verifier, Jwt.parse(token)) == JwtVerdict.Valid; }`,
).concat("class Keys extends RemoteKeys { onRefreshed(areFresh: bool): void {} }");

/** A reference filter as it was built before the tests began. */
function reference(name: string): Promise<Buffer> {
  return readFile(new URL(`../../build/${name}.wasm`, import.meta.url));
}

describe("a reference filter", () => {
  test.each([
    ["metrics", 31_488],
    ["fault-injection", 48_512],
    ["rate-limit", 64_000],
    ["header-authz", 64_256],
  ])("%s has at most %d bytes, names included", async (name, most) => {
    expect((await reference(name)).byteLength).toBeLessThanOrEqual(most);
  });
});

describe("a module", () => {
  test("of an empty filter has at most 5 KiB, and 200 bytes of names", async () => {
    const wasm = await build(EMPTY);
    expect(strippedSize(wasm)).toBeLessThanOrEqual(5 * 1024);
    expect(wasm.byteLength - strippedSize(wasm)).toBeLessThanOrEqual(200);
  });

  test("of the workload with 100 keys has at most 11,424 bytes, 11,904 with names", async () => {
    const filters = new URL("../../bench/filters/", import.meta.url);
    const text = await readFile(new URL("t1/index.ts", filters), "utf8");
    const keyList = await readFile(new URL("key-list.ts", filters), "utf8");
    const wasm = await build(text.replace("../key-list", "./key-list"), { "key-list.ts": keyList });
    expect(strippedSize(wasm)).toBeLessThanOrEqual(11_424);
    expect(wasm.byteLength).toBeLessThanOrEqual(11_904);
  });

  test("of a filter that verifies tokens by fetched keys has at most 13.25 KiB more than without", async () => {
    const [comparing, verifying] = [await build(COMPARING), await build(VERIFYING)];
    expect(strippedSize(verifying) - strippedSize(comparing)).toBeLessThanOrEqual(13.25 * 1024);
    expect(verifying.byteLength).toBeLessThanOrEqual(29 * 1024);
  });

  test("of an empty filter holds nothing of what it does not use", async () => {
    expect(functionNames(await build(EMPTY))).not.toMatch(/Jwt|Sha256|Base64/i);
  });

  test("of a filter that reads no JSON holds nothing of the parser", async () => {
    expect(functionNames(await build(EMPTY))).not.toContain("Json");
  });

  test("of a filter that reads JSON has at most 14 KiB, names included", async () => {
    expect((await build(READS_JSON)).byteLength).toBeLessThanOrEqual(14 * 1024);
  });

  test("of a filter that reads JSON holds the parser", async () => {
    const text = `import { Configuration, HttpFilter, httpFilter, JsonObject } from "as-proxy-wasm";
      class C extends Configuration { read(json: JsonObject): void {} }
      @httpFilter("a") class A extends HttpFilter<C> {}`;
    expect(functionNames(await build(text))).toContain("JsonParser#");
  });

  test("of a filter without conditions holds nothing of what they are made of", async () => {
    const names = functionNames(await build(READS_JSON));
    for (const name of ["Condition", "Expression", "RequestTarget", "Address"])
      expect(names).not.toContain(name);
  });

  test("of a filter with conditions has at most 17.125 KiB more, expressions included, and 31.875 KiB in all", async () => {
    const [without, conditional] = [await build(READS_JSON), await build(CONDITIONAL)];
    expect(functionNames(conditional)).toMatch(
      /Condition#.*ExpressionParser#|ExpressionParser#.*Condition#/s,
    );
    expect(strippedSize(conditional) - strippedSize(without)).toBeLessThanOrEqual(17.125 * 1024);
    expect(conditional.byteLength).toBeLessThanOrEqual(31.875 * 1024);
  });
});
