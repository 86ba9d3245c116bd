import { expect } from "vitest";
import { compileFilter } from "./compile.ts";
import { type HostOptions, RecordingHost } from "./recording-host.ts";

/** A filter whose `onRequestHeaders` has this body; `top` stands at the file's top level. */
export async function build(body: string, top = "", members = ""): Promise<Uint8Array<ArrayBuffer>> {
  const { wasm, errors } = await compileFilter(`
    import { Action, BasicPlugin, Bytes, Configuration, Counter, currentTimeNanos, HttpFilter, httpFilter, JsonObject, log, LogLevel,
      ReplyOptions, RequestHeaders, Timer, utf8 } from "as-proxy-wasm";
    ${top}
    @httpFilter("sample")
    class Sample extends HttpFilter {
      onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { ${body} }
      ${members}
    }`);
  if (wasm === null) throw new Error(errors);
  return wasm;
}

/** The host calls of such a filter in one request. */
export async function callsOf(body: string, top = "", options: HostOptions = {}): Promise<string[]> {
  const host = new RecordingHost(await build(body, top), options);
  expect(host.configure()).toBe(true);
  host.request();
  return host.calls;
}
