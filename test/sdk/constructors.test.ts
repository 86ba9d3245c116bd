import { expect, test } from "vitest";
import { compileFilter } from "./compile.ts";
import { RecordingHost } from "./recording-host.ts";

async function build(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const { wasm, errors } = await compileFilter(text);
  if (wasm === null) throw new Error(errors);
  return wasm;
}

const NAMED = `
  import { Action, Bytes, HttpFilter, httpFilter, log, Plugin, PluginConfiguration, RequestHeaders } from "as-proxy-wasm";
  class Name extends PluginConfiguration {
    text: Bytes = Bytes.EMPTY;
    accept(text: Bytes): string | null { this.text = text; return null; }
  }
  class Shared extends Plugin<Name> { streams: i32 = 0; }
  @httpFilter("named")
  class Named extends HttpFilter<Name, Shared> {
    private name: string = "";
    private number: i32 = 0;
    constructor() {
      super();
      this.name = this.config.text.toString();
      this.number = ++this.plugin.streams;
      log.info("made");
    }
    onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
      log.info(this.name + " " + this.number.toString());
      return Action.Continue;
    }
  }`;

test("a filter's constructor has the configuration and the plugin, and runs once a stream", async () => {
  const host = new RecordingHost(await build(NAMED), { configuration: "Ada" });
  expect(host.configure()).toBe(true);
  host.request(2);
  host.request(3);
  expect(host.calls).toEqual(["log 2 made", "log 2 Ada 1", "log 2 made", "log 2 Ada 2"]);
});

test("the constructors of two filters in one module have each its own configuration", async () => {
  const logged = (rootId: string): string => `
    @httpFilter("${rootId}")
    class ${rootId} extends HttpFilter<Name> {
      constructor() { super(); log.info("${rootId} of " + this.config.text.toString()); }
    }`;
  const host = new RecordingHost(await build(NAMED + logged("Other")), {
    configuration: "Ada",
    rootId: "Other",
  });
  expect(host.configure()).toBe(true);
  host.request();
  expect(host.calls).toEqual(["log 2 Other of Ada"]);
});

test("a filter that makes another one in its constructor stays the stream", async () => {
  const other = `class Other extends HttpFilter {
      onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { log.info("other"); return Action.Continue; }
    }
    @httpFilter("makes")
    class Makes extends HttpFilter {
      private readonly other: Other = new Other();
      constructor() { super(); log.info(this.contextId.toString() + ", not " + this.other.contextId.toString()); }
      onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
        this.other.close();
        return Action.Continue;
      }
    }`;
  const host = new RecordingHost(await build(NAMED + other), { rootId: "makes" });
  expect(host.configure()).toBe(true);
  host.request(7);
  expect(host.calls).toEqual([
    "log 2 7, not 0",
    "log 4 close was refused in onRequestHeaders: the stream is gone: forget it in onDone",
  ]);
});
