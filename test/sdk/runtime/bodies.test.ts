import { expect, test } from "vitest";
import { compileFilter } from "../compile.ts";
import { RecordingHost } from "../recording-host.ts";

/** What is logged when a body is changed in `onWholeRequestBody` of a request that has none. */
async function said(change: string): Promise<string[]> {
  const { wasm, errors } = await compileFilter(`
    import { Action, Body, HttpFilter, httpFilter, RequestHeaders, utf8 } from "as-proxy-wasm";
    @httpFilter("a") class A extends HttpFilter {
      onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
        this.bufferRequestBody(9);
        return Action.Continue;
      }
      onWholeRequestBody(body: Body): Action { ${change} return Action.Continue; }
    }`);
  if (wasm === null) throw new Error(errors);
  const host = new RecordingHost(wasm);
  host.configure();
  host.request();
  return host.calls;
}

test.each([
  ["that was to be whole", 'body.append(utf8("a"));', "it has none, which its headers said by endOfStream"],
  [
    "that was to be rewritten",
    'this.rewriteRequestBody(); body.append(utf8("a"));',
    "it has not come, or there is none: change it when it is shown",
  ],
])("a change of a body %s, of which there is none, is refused in true words", async (_, change, words) => {
  expect(await said(change)).toEqual([
    `log 4 a change of the request's body was refused in onRequestHeaders: ${words}`,
  ]);
});
