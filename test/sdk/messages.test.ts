import { expect, test } from "vitest";
import { RecordingHost } from "./recording-host.ts";
import { compileFilter } from "./compile.ts";

/** A filter: what it does with the request's headers, its other members, and how its configuration is read. */
interface Program {
  readonly onHeaders?: string;
  readonly members?: string;
  readonly read?: string;
  readonly configuration?: string;
}

async function build({ onHeaders = "", members = "", read = "" }: Program): Promise<Uint8Array<ArrayBuffer>> {
  const { wasm, errors } = await compileFilter(`
    import { Action, Body, Bytes, Configuration, FieldList, GrpcRequest, HttpFilter, httpFilter, JsonObject,
      RequestHeaders, sign, utf8 } from "as-proxy-wasm";
    import { replaceEach } from "as-proxy-wasm/assembly/bytes/replacement";
    class Settings extends Configuration { read(json: JsonObject): void { ${read} } }
    @httpFilter("sample")
    class Sample extends HttpFilter<Settings> {
      onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action { ${onHeaders} return Action.Continue; }
      ${members}
    }`);
  if (wasm === null) throw new Error(errors);
  return wasm;
}

/** What a filter logs at error from its configuration to the log of one request without a body. */
async function errorsOf(program: Program): Promise<string[]> {
  const { configuration = "" } = program;
  const host = new RecordingHost(await build(program), { configuration });
  if (host.configure()) {
    host.guest.proxy_on_context_create(2, 1);
    host.guest.proxy_on_request_headers(2, 0, 1);
    if ("proxy_on_log" in host.guest) host.guest.proxy_on_log(2);
  }
  return host.calls.flatMap((call) => /^log 4 (.*)$/.exec(call)?.slice(1) ?? []);
}

// A table: one line a message.
// prettier-ignore
const messages: Array<[what: string, program: Program, line: string]> = [
  ["a failed console.assert", { onHeaders: 'console.assert(!endOfStream, "a body follows");' }, "assertion failed: a body follows"],
  ["a replacement that makes a body huge", { onHeaders: 'replaceEach(Bytes.fromString("a".repeat(1 << 20)), utf8("a"), utf8("12345678901234567"));' }, "a replacement was refused: the body would become larger than 16 MiB"],
  ["metadata with a name of gRPC's", { onHeaders: 'new GrpcRequest(utf8("c"), utf8("s"), utf8("m")).addMetadata(utf8("grpc-timeout"), utf8("1S"));' }, "metadata grpc-timeout was refused: HTTP/2 and gRPC have the name for themselves"],
  ["a list of fields that is full", { onHeaders: 'const list = new FieldList(); for (let i = 0; i < 1025; i++) list.add(utf8("a"), utf8("b"));' }, "a header was refused: the list has 1024 fields, and no room for more"],
  ["a body that is to be rewritten too late", { members: "onLog(): void { this.rewriteRequestBody(); }" }, "to rewrite the request's body was refused in onLog: its headers may be gone: say so in the headers' callback"],
  ["a body that is to be buffered too late", { members: "onLog(): void { this.bufferRequestBody(9); } onWholeRequestBody(body: Body): Action { return Action.Continue; }" }, "to buffer the request's body was refused in onLog: its headers may be gone: say so in the headers' callback"],
  ["a body that is given to a request without one", { onHeaders: "this.bufferRequestBody(9);", members: 'onWholeRequestBody(body: Body): Action { body.append(utf8("a")); return Action.Continue; }' }, "a change of the request's body was refused in onRequestHeaders: it has none, which its headers said by endOfStream"],
  ["an element that an array of the configuration has not", { read: 'json.array("a").string(1);', configuration: '{ "a": ["x"] }' }, "sample: configuration refused: a (line 1): has no element 1"],
  ["a function that the host has not", { onHeaders: 'sign("sha256", utf8("key"), utf8("text"));' }, "a text could not be signed: the host has no such function"],
];

test.for(messages)("%s is told in one line", async ([, program, line]) => {
  expect(await errorsOf(program)).toEqual([line]);
});
