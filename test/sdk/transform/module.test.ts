import binaryen from "assemblyscript/binaryen";
import { describe, expect, test } from "vitest";
import { compileFilter } from "../compile.ts";
import { build, IMPORT } from "./build.ts";

const ALWAYS_EXPORTED = [
  "_initialize",
  "malloc",
  "memory",
  "proxy_abi_version_0_2_1",
  "proxy_on_configure",
  "proxy_on_context_create",
  "proxy_on_delete",
];

/** The exports, which optimising does not change: it would take half of the time. */
async function exportsOf(text: string, files: Record<string, string> = {}): Promise<string[]> {
  const module = new WebAssembly.Module(await build(text, files, ["-O0"]));
  return WebAssembly.Module.exports(module)
    .map(({ name }) => name)
    .sort();
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

describe("a plugin without streams exports what it overrides, and nothing else", () => {
  const top =
    'import { AccessLogger, accessLogger, Plugin, Service, service, Shutdown } from "as-proxy-wasm";';
  const onDone = "onDone(): Shutdown { return Shutdown.Later; }";
  const logger = '@accessLogger("l") class L extends AccessLogger { onLog(): void {} }';

  test.each([
    ["an access logger", logger, ["proxy_on_log"]],
    ["a service", '@service("s") class S extends Service {}', []],
    ["a service that ends later", `@service("s") class S extends Service { ${onDone} }`, ["proxy_on_done"]],
    [
      "an access logger beside a filter",
      `${logger} @httpFilter("a") class A extends HttpFilter {}`,
      ["proxy_on_log"],
    ],
    [
      "a filter whose plugin ends later",
      `class P extends Plugin { ${onDone} } @httpFilter("a") class A extends HttpFilter<NoConfiguration, P> {}`,
      ["proxy_on_done"],
    ],
    [
      "a filter whose plugin has a method of its own by the name onLog",
      'class P extends Plugin { onLog(): void {} end(): void { this.onLog(); } } @httpFilter("a") class A extends HttpFilter<NoConfiguration, P> {}',
      [],
    ],
  ])("%s", async (_, text, callbacks) => {
    const imported = top.replace("Plugin,", "NoConfiguration, Plugin,");
    expect(await exportsOf(imported + text)).toEqual([...ALWAYS_EXPORTED, ...callbacks].sort());
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

test("a filter may be what its file exports by default", async () => {
  const filter = '@httpFilter("a") export default class A extends HttpFilter { onLog(): void {} }';
  expect(await exportsOf(filter)).toEqual([...ALWAYS_EXPORTED, "proxy_on_log"].sort());
});

test("a module whose memory is limited keeps its limit", async () => {
  const text = `${IMPORT} @httpFilter("a") class A extends HttpFilter {}`;
  const { wasm } = await compileFilter(text, {}, ["--maximumMemory", "64"]);
  const module = binaryen.readBinary(wasm ?? new Uint8Array());
  expect(module.getMemoryInfo().max).toBe(64);
  module.dispose();
});
