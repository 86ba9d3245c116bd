import { describe, expect, test } from "vitest";
import { compileFilter } from "../compile.ts";
import { RecordingHost } from "../recording-host.ts";

const PLUGINS = `
  import { Action, Bytes, HttpFilter, httpFilter, log, NoConfiguration, Plugin, QueueReader, RequestHeaders, Timer, utf8 }
    from "as-proxy-wasm";
  let owner: Owner | null = null;
  class Owner extends Plugin { onConfigured(): void { owner = this; } }
  class Reader extends QueueReader { onMessage(message: Bytes): void {} }
  class Late extends Timer { onTime(): void {} }
  @httpFilter("first") class First extends HttpFilter<NoConfiguration, Owner> {
    onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { return act(); }
  }
  @httpFilter("second") class Second extends HttpFilter {
    onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { return act(); }
  }`;

/** The host calls of something that is done to plugin 1, in the callback of a stream of it, 3, or of plugin 2, 4. */
async function callsOf(deed: string, stream: number): Promise<string[]> {
  const act = `function act(): Action { owner!.${deed}; return Action.Continue; }`;
  const { wasm, errors } = await compileFilter(PLUGINS + act);
  if (wasm === null) throw new Error(errors);
  let rootId = "first";
  const host: RecordingHost = new RecordingHost(wasm, {
    get rootId() {
      return rootId;
    },
  });
  host.configure();
  rootId = "second";
  host.guest.proxy_on_context_create(2, 0);
  host.guest.proxy_on_configure(2, 0);
  host.guest.proxy_on_context_create(3, 1);
  host.guest.proxy_on_context_create(4, 2);
  host.calls.length = 0;
  host.guest.proxy_on_request_headers(stream, 0, 1);
  return host.calls.filter((call) => !call.startsWith("clock"));
}

describe("what a stream does to a plugin", () => {
  // A table: what is done, what the host is asked for by a stream of that plugin, and by one of another.
  // prettier-ignore
  const deeds: Array<[deed: string, byOwn: string[], byAnother: string[]]> = [
    ["after(5, new Late())", ["tick 5"], ["act as 1", "tick 5", "act as 4"]],
    ['readQueue(utf8("q"), new Reader())', ["register q"], ["act as 1", "register q", "act as 4"]],
    ['sharedData.get(utf8("a"))', [], ["act as 1", "act as 4"]], // the names of the plugin stand before the key
    ["done()", ["act as 1", "done", "act as 3"], ["act as 1", "done", "act as 4"]], // no stream may
  ];

  test.for(deeds)("is done to that plugin, whosever stream it is: %s", async ([deed, byOwn, byAnother]) => {
    expect(await callsOf(deed, 3)).toEqual(byOwn);
    expect(await callsOf(deed, 4)).toEqual(byAnother);
  });
});
