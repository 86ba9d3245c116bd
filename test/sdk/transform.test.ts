import { describe, expect, test } from "vitest";
import { compileFilter } from "./compile.ts";
import { RecordingHost } from "./recording-host.ts";

const IMPORT = `import { Action, Body, Configuration, Counter, HttpFilter, httpFilter, JsonObject, log, RequestHeaders, utf8 }
  from "as-proxy-wasm";`;

const ALWAYS_EXPORTED = [
  "_initialize",
  "malloc",
  "memory",
  "proxy_abi_version_0_2_1",
  "proxy_on_configure",
  "proxy_on_context_create",
  "proxy_on_delete",
];

async function build(text: string, files: Record<string, string> = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { wasm, errors } = await compileFilter(IMPORT + text, files);
  if (wasm === null) throw new Error(errors);
  return wasm;
}

async function exportsOf(text: string, files: Record<string, string> = {}): Promise<string[]> {
  const module = new WebAssembly.Module(await build(text, files));
  return WebAssembly.Module.exports(module)
    .map(({ name }) => name)
    .sort();
}

function manifestOf(wasm: Uint8Array<ArrayBuffer>): unknown {
  const [content] = WebAssembly.Module.customSections(new WebAssembly.Module(wasm), "proxy_wasm.manifest");
  return JSON.parse(new TextDecoder().decode(content));
}

describe("a class of the program makes the module export a callback that it has not otherwise", () => {
  test.each([
    ["Timer", "onTime(): void {}", ["proxy_on_tick"]],
    ["QueueReader", "onMessage(message: Bytes): void {}", ["proxy_on_queue_ready"]],
    ["GrpcCall", "onResult(result: GrpcResult): void {}", ["proxy_on_grpc_close", "proxy_on_grpc_receive"]],
    [
      "GrpcStream",
      "onClosed(result: GrpcResult): void {}",
      [
        "proxy_on_grpc_close",
        "proxy_on_grpc_receive",
        "proxy_on_grpc_receive_initial_metadata",
        "proxy_on_grpc_receive_trailing_metadata",
      ],
    ],
  ])("%s", async (base, method, callbacks) => {
    const top = `import { Bytes, GrpcResult, ${base} } from "as-proxy-wasm"; class T extends ${base} { ${method} }`;
    const filter = '@httpFilter("a") class A extends HttpFilter {}';
    expect(await exportsOf(top + filter)).toEqual([...ALWAYS_EXPORTED, ...callbacks].sort());
  });
});

describe("the build that a module says it is", () => {
  const FILTER = '@httpFilter("a") class A extends HttpFilter {}';

  async function buildInfo(text: string, files: Record<string, string> = {}): Promise<string | undefined> {
    const wasm = Buffer.from(await build(text, files)).toString("utf16le");
    const shifted = Buffer.from(await build(text, files))
      .subarray(1)
      .toString("utf16le");
    return /proxy_wasm\.build_info\{[ -~]*\}/.exec(wasm + shifted)?.[0];
  }

  test("is the same for the same sources, and another for others", async () => {
    const first = await buildInfo(FILTER);
    expect(first).toMatch(/^proxy_wasm\.build_info\{filter=a\}\{version=none\}\{build=[0-9a-f]{12}\}$/);
    expect(await buildInfo(FILTER)).toBe(first);
    expect(await buildInfo(`${FILTER} // a comment`)).not.toBe(first);
  });

  test("has the version of the nearest package.json that has one", async () => {
    const files = { "package.json": '{"version": "1.2.3"}' };
    expect(await buildInfo(FILTER, files)).toMatch(/\{version=1\.2\.3\}/);
  });

  test("has a name and a version that cannot pose as another label", async () => {
    const odd = FILTER.replace('"a"', '"a}{b"');
    const files = { "package.json": '{"version": "é\\"%"}' };
    expect(await buildInfo(odd, files)).toMatch(/\{filter=a%7D%7Bb\}\{version=%C3%A9%22%25\}/);
  });
});

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
    expect(manifestOf(await build(FILTER))).toEqual({ labels: ["build", "filter", "version"] });
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
    expect(errors).toMatch(/G needs its labels as literals, one to four of letters, digits and _/);
  });
});

describe("a module", () => {
  test("of an empty filter exports what every module needs, and nothing else", async () => {
    expect(await exportsOf('@httpFilter("a") class A extends HttpFilter {}')).toEqual(ALWAYS_EXPORTED);
  });

  test.each([
    [
      "onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { return Action.Continue; }",
      "proxy_on_request_headers",
    ],
    [
      "onRequestBody(body: Body, endOfStream: bool): Action { return Action.Continue; }",
      "proxy_on_request_body",
    ],
    [
      "onResponseBody(body: Body, endOfStream: bool): Action { return Action.Continue; }",
      "proxy_on_response_body",
    ],
    [
      "onWholeRequestBody(body: Body): Action { return Action.Continue; }",
      "proxy_on_request_body",
      "proxy_on_request_trailers",
      "envoy_allow_on_headers_stop_iteration",
    ],
    [
      "onWholeResponseBody(body: Body): Action { return Action.Continue; }",
      "proxy_on_response_body",
      "proxy_on_response_trailers",
      "envoy_allow_on_headers_stop_iteration",
    ],
    ["onLog(): void {}", "proxy_on_log"],
    ["onDone(): void {}", "proxy_on_done"],
  ])("of a filter that overrides %s exports its callback, too", async (method, ...callbacks) => {
    const names = await exportsOf(`@httpFilter("a") export class A extends HttpFilter { ${method} }`);
    expect(names).toEqual([...ALWAYS_EXPORTED, ...callbacks].sort());
  });

  test("that holds bodies and has nobody to show them to is refused, with what to override", async () => {
    const body = "this.bufferRequestBody(1); return Action.Continue;";
    const text = `@httpFilter("a") class A extends HttpFilter {
      onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { ${body} } }`;

    await expect(build(text)).rejects.toThrow(
      "bufferRequestBody() holds the message for onWholeRequestBody, which no filter overrides: override it",
    );
  });

  test("exports what an ancestor of the filter in another file overrides, and none of the file's other exports", async () => {
    const files = {
      "base.ts": `import { HttpFilter } from "as-proxy-wasm"; export abstract class Base extends HttpFilter { onLog(): void {} }`,
    };
    const text = `import { Base } from "./base"; export function other(): i32 { return 1; }
      @httpFilter("a") export class A extends Base { onDone(): void {} }`;
    expect(await exportsOf(text, files)).toEqual(
      [...ALWAYS_EXPORTED, "proxy_on_done", "proxy_on_log"].sort(),
    );
  });

  test("exports what any of its filters overrides", async () => {
    const text = `@httpFilter("a") class A extends HttpFilter { onLog(): void {} }
      @httpFilter("b") class B extends HttpFilter { onDone(): void {} }`;
    expect(await exportsOf(text)).toEqual([...ALWAYS_EXPORTED, "proxy_on_done", "proxy_on_log"].sort());
  });

  test("imports what its filter reaches, from the proxy and WASI only", async () => {
    const text = `const counter = new Counter("a.b");
      @httpFilter("a") class A extends HttpFilter {
        onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
          console.log(Date.now().toString() + Math.random().toString() + performance.now().toString());
          trace("x");
          counter.increment();
          return headers.has(utf8("a")) ? Action.Continue : this.respond(403, "no");
        }
      }`;
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(await build(text)));
    expect(imports.map(({ module, name }) => `${module}.${name}`).sort()).toEqual([
      "env.proxy_define_metric",
      "env.proxy_get_buffer_bytes",
      "env.proxy_get_current_time_nanoseconds",
      "env.proxy_get_header_map_pairs",
      "env.proxy_get_log_level",
      "env.proxy_get_property",
      "env.proxy_increment_metric",
      "env.proxy_log",
      "env.proxy_record_metric",
      "env.proxy_send_local_response",
      "env.proxy_set_effective_context",
      "wasi_snapshot_preview1.clock_time_get",
      "wasi_snapshot_preview1.random_get",
    ]);
  });

  test("has no start section", async () => {
    expect(sections(await build('@httpFilter("a") class A extends HttpFilter {}'))).not.toContain("8");
  });

  test("has names for its functions and points to its source map", async () => {
    const found = sections(await build('@httpFilter("a") class A extends HttpFilter {}'));
    expect(found).toEqual(expect.arrayContaining(["name", "sourceMappingURL"]));
  });
});

describe("a plugin", () => {
  const TWO = `
    abstract class Named extends HttpFilter {
      name(): string { return ""; }
      onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { log.info(this.name()); return Action.Continue; }
    }
    @httpFilter("first") class First extends Named { name(): string { return "the first"; } }
    @httpFilter("second") class Second extends Named { name(): string { return "the second"; } }`;

  test.each(["first", "second"])("is served by the filter that its root_id %s names", async (rootId) => {
    const host = new RecordingHost(await build(TWO), { rootId });
    expect(host.configure()).toBe(true);
    host.request();
    expect(host.calls).toEqual([`log 2 the ${rootId}`]);
  });

  test.each(["third", ""])(
    "with the unknown root_id %j is refused by a module of several filters",
    async (rootId) => {
      const host = new RecordingHost(await build(TWO), { rootId });
      expect(host.configure()).toBe(false);
      expect(host.calls).toEqual([`log 4 root_id "${rootId}" is unknown: this module has "first", "second"`]);
    },
  );

  test.each(["only", "another", ""])(
    "with the root_id %j is served by a module of one filter",
    async (rootId) => {
      const text =
        '@httpFilter("only") class Only extends HttpFilter { onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { return Action.Pause; } }';
      const host = new RecordingHost(await build(text), { rootId });
      expect(host.configure()).toBe(true);
      expect(host.request()).toBe(4);
    },
  );

  test("whose filter takes no configuration is refused when it is given one", async () => {
    const wasm = await build('@httpFilter("a") class A extends HttpFilter {}');
    expect(new RecordingHost(wasm, { configuration: " {}" }).configure()).toBe(true);
    const host = new RecordingHost(wasm, { configuration: '{"a":1}' });
    expect(host.configure()).toBe(false);
    expect(host.calls).toEqual(["log 4 a: configuration refused: this filter takes no configuration"]);
  });

  test("with a wrong configuration is refused with one line that names the key", async () => {
    const text = `class C extends Configuration { read(json: JsonObject): void { json.string("key"); } }
      @httpFilter("a") class A extends HttpFilter<C> {}`;
    const host = new RecordingHost(await build(text), { configuration: '{"key": 4}' });
    expect(host.configure()).toBe(false);
    expect(host.calls).toEqual(["log 4 a: configuration refused: key (line 1): must be a string"]);
  });
});

describe("a compile error", () => {
  const FILTER = "class A extends HttpFilter {}";

  test.each([
    [
      "a decorated function",
      '@httpFilter("a") function f(): void {}',
      "@httpFilter decorates a class that extends HttpFilter",
    ],
    [
      "a decorator without a name",
      `@httpFilter() ${FILTER}`,
      "@httpFilter needs the plugin's root_id as a literal",
    ],
    [
      "a decorator that is not called",
      `@httpFilter ${FILTER}`,
      "@httpFilter needs the plugin's root_id as a literal",
    ],
    [
      "a name that is no literal",
      `const NAME = "a"; @httpFilter(NAME) ${FILTER}`,
      "@httpFilter needs the plugin's root_id as a literal",
    ],
    [
      "a name given twice",
      `@httpFilter("a") ${FILTER} @httpFilter("a") class B extends HttpFilter {}`,
      'two filters are called "a": each needs a name of its own',
    ],
    [
      "a class without a base",
      '@httpFilter("a") class A {}',
      "class A is decorated with @httpFilter and must extend HttpFilter",
    ],
    [
      "a class with another base",
      'class B {} @httpFilter("a") class A extends B {}',
      "class A is decorated with @httpFilter and must extend HttpFilter",
    ],
    [
      "a class with type parameters",
      '@httpFilter("a") class A<T> extends HttpFilter {}',
      "class A: a filter cannot have type parameters",
    ],
    [
      "a class in a namespace",
      'namespace N { @httpFilter("a") export class A extends HttpFilter {} }',
      "class A: @httpFilter needs a class at a file's top level",
    ],
    [
      "a program without a filter",
      FILTER,
      'this module registers no filter: decorate a class with @httpFilter("root id") in filter.ts',
    ],
    [
      "a log call inside of an expression",
      `@httpFilter("a") ${FILTER} const x = (log.info("x"), 1);`,
      "log.info(…) must be a statement of its own",
    ],
    [
      "a comparison with a literal by ==",
      `@httpFilter("a") class A extends HttpFilter { onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { return headers.get(utf8("a")) == utf8("b") ? Action.Continue : Action.Pause; } }`,
      "== tells whether two Bytes are the same object: compare with equals()",
    ],
    [
      "process.exit",
      `@httpFilter("a") class A extends HttpFilter { onLog(): void { process.exit(1); } }`,
      "process.exit would end every stream of the worker",
    ],
  ])("says what is wrong with %s", async (_, text, message) => {
    const { wasm, errors } = await compileFilter(IMPORT + text);
    expect(wasm).toBeNull();
    expect(errors).toContain(message);
    expect(errors).not.toContain("at Module");
  });

  test("points to the decorator's line", async () => {
    const { errors } = await compileFilter(`${IMPORT}\n\n@httpFilter("a") class A {}`);
    expect(errors).toContain("filter.ts(4,1)");
  });
});

/** The sections of a module in order: names of custom ones, ids of the others. */
function sections(wasm: Uint8Array): string[] {
  const found = [];
  for (let at = 8; at < wasm.length;) {
    const id = wasm[at] ?? 0;
    const [size, start] = readSize(wasm, at + 1);
    found.push(id === 0 ? customName(wasm, start) : `${id}`);
    at = start + size;
  }
  return found;
}

function customName(wasm: Uint8Array, at: number): string {
  const [length, start] = readSize(wasm, at);
  return Buffer.from(wasm.subarray(start, start + length)).toString();
}

/** An unsigned LEB128 number and where it ends. */
function readSize(wasm: Uint8Array, at: number): [size: number, end: number] {
  const byte = wasm[at] ?? 0;
  if (byte < 0x80) return [byte, at + 1];
  const [rest, end] = readSize(wasm, at + 1);
  return [rest * 128 + (byte & 0x7f), end];
}
