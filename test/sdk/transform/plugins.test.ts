import { describe, expect, test } from "vitest";
import { RecordingHost } from "../recording-host.ts";
import { build } from "./build.ts";

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
