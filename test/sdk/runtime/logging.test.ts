import { describe, expect, test } from "vitest";
import { RecordingHost } from "../recording-host.ts";
import { build, callsOf } from "../sample-filter.ts";

describe("logging", () => {
  const COUNTED = "let evaluated = 0; function message(): string { evaluated++; return 'm'; }";
  const BODY = "log.debug(message()); log.info('evaluated ' + evaluated.toString()); return Action.Continue;";

  test("a message below the host's level is neither formatted nor sent", async () => {
    expect(await callsOf(BODY, COUNTED, { logLevel: 2 })).toEqual(["log 2 evaluated 0"]);
  });

  test("a message at the host's level is formatted and sent", async () => {
    expect(await callsOf(BODY, COUNTED, { logLevel: 1 })).toEqual(["log 1 m", "log 2 evaluated 1"]);
  });

  test("a message is guarded also in an if without a block, a switch, a loop and an arrow function", async () => {
    const body = `if (!endOfStream) log.debug("never"); else log.debug(message());
      switch (1) { case 1: log.trace(message()); }
      for (let i = 0; i < 2; i++) log.debug(message());
      const arrow = (): void => log.debug(message());
      arrow();
      log.info("evaluated " + evaluated.toString()); return Action.Continue;`;
    expect(await callsOf(body, COUNTED, { logLevel: 2 })).toEqual(["log 2 evaluated 0"]);
  });

  test("a trap is logged at critical with file, line and column", async () => {
    const wasm = await build("return [Action.Continue][i32(endOfStream)];");
    const host = new RecordingHost(wasm);
    host.configure();
    expect(() => host.request()).toThrow("unreachable");
    expect(host.calls).toEqual([
      expect.stringMatching(/^log 5 Index out of range at ~lib\/array\.ts:\d+:\d+$/),
    ]);
  });

  test("a trap while the module is initialised is logged", async () => {
    const top = "function fail(): i32 { throw new Error('too early'); } export const x = fail();";
    const wasm = await build("return x ? Action.Pause : Action.Continue;", top);
    const logged: string[] = [];
    const memory = (): ArrayBuffer => (instance.exports["memory"] as WebAssembly.Memory).buffer;
    const proxy_log = (_: number, at: number, length: number): number =>
      logged.push(Buffer.from(memory(), at, length).toString());
    const restricted = (): number => {
      throw new Error("restricted_callback");
    };
    const env = Object.fromEntries(
      WebAssembly.Module.imports(new WebAssembly.Module(wasm)).map(({ name }) => [name, restricted]),
    );
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env: { ...env, proxy_log } });
    expect(instance.exports["_initialize"]).toThrow("unreachable");
    expect(logged).toEqual([expect.stringMatching(/^too early at filter\.ts:4:\d+$/)]);
  });
});
