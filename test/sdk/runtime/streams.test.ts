import { describe, expect, test } from "vitest";
import { RecordingHost } from "../recording-host.ts";
import { build, callsOf } from "../sample-filter.ts";

describe("local replies", () => {
  test("carry status, details, body, the number of header pairs and the gRPC status", async () => {
    const body = `const options = new ReplyOptions(); options.body = utf8("no"); options.grpcStatus = 7;
      options.addHeader(utf8("x-a"), utf8("1")); return this.respond(403, "denied", options);`;
    expect(await callsOf(body)).toEqual([expect.stringMatching(/^respond 403 denied=no \d+ 7$/)]);
  });

  test.each([0, 100, 600, 999])("with status %i are sent as 500", async (status) => {
    expect(await callsOf(`return this.respond(${status}, "odd");`)).toEqual([
      `log 4 a local reply with status ${status} was refused: 500 is sent in its place`,
      "respond 500 odd= 0 -1",
    ]);
  });
});

describe("a filter that steers", () => {
  const MEMBERS =
    "constructor() { super(); this.respond(403, 'too early'); this.close(); this.resumeRequest(); }";

  test("in its constructor is refused, once for each call", async () => {
    const host = new RecordingHost(await build("return Action.Continue;", "", MEMBERS));
    host.configure();
    host.calls.length = 0;
    for (let id = 2; id < 12; id++) expect(host.request(id)).toBe(0);
    expect(host.calls).toEqual(
      ["a local reply", "close", "resumeRequest"].map(
        (call) =>
          `log 4 ${call} was refused in the constructor: the stream has not begun, or is over: take another callback`,
      ),
    );
  });

  test("a stream from another one's callback acts in that stream, and then in its own again", async () => {
    const body = `const before = first; first = this;
      if (before !== null) before.close(); return Action.Continue;`;
    const host = new RecordingHost(await build(body, "let first: Sample | null = null;"));
    host.configure();
    for (const id of [2, 3]) host.guest.proxy_on_context_create(id, 1);
    host.calls.length = 0;
    for (const id of [2, 3]) host.guest.proxy_on_request_headers(id, 0, 1);
    expect(host.calls).toEqual(["act as 2", "close 0", "act as 3"]);
  });

  test("another stream by a reply from its own message's callback is refused: Envoy would hold its own", async () => {
    const body = `const before = first; first = this;
      if (before !== null) before.respond(403, "from elsewhere"); return Action.Continue;`;
    const host = new RecordingHost(await build(body, "let first: Sample | null = null;"));
    host.configure();
    for (const id of [2, 3]) host.guest.proxy_on_context_create(id, 1);
    host.calls.length = 0;
    for (const id of [2, 3]) host.guest.proxy_on_request_headers(id, 0, 1);
    expect(host.calls).toEqual([
      "log 4 a local reply was refused in onRequestHeaders: another stream's callback runs: close() the stream instead",
    ]);
  });

  test("a stream that is over is refused", async () => {
    const body = `const before = first; first = this;
      if (before !== null) before.close(); return Action.Continue;`;
    const host = new RecordingHost(await build(body, "let first: Sample | null = null;"));
    host.configure();
    host.request(2);
    host.request(3);
    expect(host.calls).toEqual([
      "log 4 close was refused in onRequestHeaders: the stream is gone: forget it in onDone",
    ]);
  });
});
