import { describe, expect, test } from "vitest";
import { compileFilter } from "./compile.ts";
import { RecordingHost } from "./recording-host.ts";

const IMPORT =
  'import { Action, HttpFilter, httpFilter, log, NetworkData, NetworkFilter, networkFilter, Peer, Timer } from "as-proxy-wasm";';

const ALWAYS_EXPORTED = [
  "_initialize",
  "malloc",
  "memory",
  "proxy_abi_version_0_2_1",
  "proxy_on_configure",
  "proxy_on_context_create",
  "proxy_on_delete",
  "proxy_on_new_connection",
  "proxy_on_request_headers",
];

/** The callbacks of connections, which `RecordingHost` does not call by itself. */
interface ConnectionExports {
  proxy_on_new_connection(id: number): number;
  proxy_on_downstream_data(id: number, length: number, endOfStream: number): number;
}

async function build(text: string, ...options: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const { wasm, errors } = await compileFilter(IMPORT + text, {}, options);
  if (wasm === null) throw new Error(errors);
  return wasm;
}

describe("a module of a network filter that overrides", () => {
  test.each([
    ["nothing", ""],
    ["onNewConnection", "onNewConnection(): Action { return Action.Continue; }", "proxy_on_downstream_data"],
    [
      "onDownstreamData",
      "onDownstreamData(data: NetworkData, endOfStream: bool): Action { return Action.Continue; }",
      "proxy_on_downstream_data",
    ],
    [
      "onUpstreamData",
      "onUpstreamData(data: NetworkData, endOfStream: bool): Action { return Action.Continue; }",
      "proxy_on_upstream_data",
    ],
    ["onDownstreamClose", "onDownstreamClose(peer: Peer): void {}", "proxy_on_downstream_connection_close"],
    ["onUpstreamClose", "onUpstreamClose(peer: Peer): void {}", "proxy_on_upstream_connection_close"],
    ["onLog", "onLog(): void {}", "proxy_on_log"],
    ["onDone", "onDone(): void {}", "proxy_on_done"],
  ])("%s exports its callbacks, and those that refuse misplaced filters", async (_, method, ...callbacks) => {
    const module = new WebAssembly.Module(
      await build(`@networkFilter("a") class A extends NetworkFilter { ${method} }`, "-O0"),
    );
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    expect(names.sort()).toEqual([...ALWAYS_EXPORTED, ...callbacks].sort());
  });
});

test("a module of an HTTP filter has no callback of connections, whatever its methods are called", async () => {
  const module = new WebAssembly.Module(
    await build(
      '@httpFilter("a") class A extends HttpFilter { onNewConnection(): void {} end(): void { this.onNewConnection(); } }',
    ),
  );
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  expect(names.filter((name) => /connection|stream_/.test(name))).toEqual([]);
});

describe("a compile error", () => {
  test.each([
    [
      "a decorated HTTP filter",
      '@networkFilter("a") class A extends HttpFilter {}',
      "class A is decorated with @networkFilter and must extend NetworkFilter",
    ],
    [
      "a network filter that is decorated as one for HTTP",
      '@httpFilter("a") class A extends NetworkFilter {}',
      "class A is decorated with @httpFilter and must extend HttpFilter",
    ],
    [
      "a name that both kinds have",
      '@httpFilter("a") class A extends HttpFilter {} @networkFilter("a") class B extends NetworkFilter {}',
      'two filters are called "a": each needs a name of its own',
    ],
    [
      "a decorator without a name",
      "@networkFilter() class A extends NetworkFilter {}",
      "@networkFilter needs the plugin's root_id as a literal",
    ],
  ])("says what is wrong with %s", async (_, text, message) => {
    const { wasm, errors } = await compileFilter(IMPORT + text);
    expect(wasm).toBeNull();
    expect(errors).toContain(message);
  });
});

/** Holds each connection for a millisecond, then shows what has come meanwhile. */
function holding(onData: string): Promise<Uint8Array<ArrayBuffer>> {
  return build(`
    class Resume extends Timer {
      constructor(private readonly filter: Holds) { super(); }
      onTime(): void { this.filter.resumeDownstream(); }
    }
    @networkFilter("holds") class Holds extends NetworkFilter {
      onNewConnection(): Action { this.plugin.after(1, new Resume(this)); return Action.Pause; }
      onDownstreamData(data: NetworkData, endOfStream: bool): Action { ${onData} }
    }`);
}

test("a connection that is closed when its held bytes are shown does not go on", async () => {
  const host = new RecordingHost(await holding("this.closeDownstream(); return Action.Continue;"));
  const guest = host.guest as typeof host.guest & ConnectionExports;
  host.configure();
  guest.proxy_on_context_create(2, 1);
  guest.proxy_on_new_connection(2);
  guest.proxy_on_downstream_data(2, 3, 0);
  host.nowNanos += 1_000_000n;
  host.calls.length = 0;
  guest.proxy_on_tick(1);

  expect(host.calls.filter((call) => /^(close|continue)/.test(call))).toEqual(["close 2"]);
});

test("bytes that come while the connection is held are shown when it is resumed, and not before", async () => {
  const wasm = await holding('log.info("shown " + data.size.toString()); return Action.Continue;');
  const host = new RecordingHost(wasm);
  const guest = host.guest as typeof host.guest & ConnectionExports;
  host.configure();
  guest.proxy_on_context_create(2, 1);

  expect(guest.proxy_on_new_connection(2)).toBe(1);
  expect(guest.proxy_on_downstream_data(2, 3, 0)).toBe(1);
  expect(host.calls.filter((call) => call.startsWith("log"))).toEqual([]);
  host.nowNanos += 1_000_000n;
  guest.proxy_on_tick(1);
  const calls = host.calls.filter((call) => /^(log|act|continue)/.test(call));
  expect(calls).toEqual(["act as 2", "log 2 shown 3", "continue 2", "act as 1"]);
});
