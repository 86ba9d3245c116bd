import { describe, expect, test } from "vitest";
import { type Headers, RecordingHost } from "../recording-host.ts";
import { build, callsOf } from "../sample-filter.ts";

describe("headers", () => {
  test.each([
    ["one value", 'headers.get(utf8("a"));', 1, 3],
    ["two values", 'headers.get(utf8("a")); headers.get(utf8("b"));', 4, 0],
    ["one value and whether there is another", 'headers.get(utf8("a")); headers.has(utf8("b"));', 4, 0],
    [
      "one value, before and after a write",
      'headers.get(utf8("a")); headers.set(utf8("c"), utf8("1")); headers.get(utf8("a"));',
      8,
      0,
    ],
    ["all of them", "for (let i = 0; i < headers.size; i++) headers.valueAt(i);", 4, 0],
  ])("of four streams that read %s cost what they must", async (_, read, pairs, values) => {
    const host = new RecordingHost(await build(`${read} return Action.Continue;`), { headers: [["a", "1"]] });
    host.configure();
    for (let id = 2; id < 6; id++) host.request(id);
    expect([host.pairsTaken, host.valuesTaken]).toEqual([pairs, values]);
  });

  test("that are read in one way by one stream and in another by the next are what they are", async () => {
    const body = `const first = headers.get(utf8("a"));
      log.info(first === null ? "none" : first.toString());
      if (headers.size > 100 || first === null) return Action.Continue;
      log.info(headers.valueAt(headers.size - 1).toString()); return Action.Continue;`;
    const host = new RecordingHost(await build(body), { headers: [["a", "1"], ["b", "2"]] }); // prettier-ignore
    host.configure();
    for (let id = 2; id < 5; id++) host.request(id);
    expect(host.calls).toEqual(["log 2 1", "log 2 2", "log 2 1", "log 2 2", "log 2 1", "log 2 2"]);
  });

  test("several reads take the pairs once, and a write takes them anew", async () => {
    const host = new RecordingHost(
      await build(`headers.get(utf8("a")); headers.getAll(utf8("a")); headers.has(utf8("b"));
        if (endOfStream) headers.add(utf8("c"), utf8("1")); headers.get(utf8("c")); return Action.Continue;`),
      { headers: [["a", "1"]] },
    );
    host.configure();
    host.request();
    expect(host.pairsTaken).toBe(2);
    expect(host.calls).toEqual(["add 0 c=1"]);
  });

  test("a callback of another stream that is nested in a read shows neither stream the other's", async () => {
    const body = `const before = headers.get(utf8("who"))!.toString();
      if (endOfStream) log.info("nest");
      log.info(before + " " + headers.get(utf8("who"))!.toString()); return Action.Continue;`;
    let who = "outer";
    const host: RecordingHost = new RecordingHost(await build(body), {
      get headers(): Headers {
        return [["who", who]];
      },
      onLog: (message) => {
        if (message !== "nest") return;
        who = "inner";
        host.guest.proxy_on_context_create(9, 1);
        host.guest.proxy_on_request_headers(9, 0, 0);
        who = "outer";
      },
    });
    host.configure();
    host.request();
    expect(host.calls).toEqual(["log 2 nest", "log 2 inner inner", "log 2 outer outer"]);
  });

  test("an absent value is null and an empty one has no bytes", async () => {
    const body = `const absent = headers.get(utf8("absent")); const empty = headers.get(utf8("EMPTY"));
      log.info((absent === null).toString() + " " + (empty === null ? "null" : empty.length.toString()));
      return Action.Continue;`;
    expect(await callsOf(body, "", { headers: [["empty", ""]] })).toEqual(["log 2 true 0"]);
  });

  test.each([
    [
      "a value with CR and LF",
      'headers.set(utf8("x"), utf8("a\\r\\nb: c"))',
      "log 4 the value of header x was refused: it holds CR, LF or NUL",
    ],
    [
      "a name that is no token",
      'headers.add(utf8("x y"), utf8("a"))',
      "log 4 a header name of 3 bytes was refused: it is not a token",
    ],
    [
      "an empty name",
      'headers.remove(utf8(""))',
      "log 4 a header name of 0 bytes was refused: it is not a token",
    ],
    [
      "a name of a colon only",
      'headers.remove(utf8(":"))',
      "log 4 a header name of 1 bytes was refused: it is not a token",
    ],
  ])("%s never reaches the host", async (_, call, logged) => {
    expect(await callsOf(`log.info((${call}).toString()); return Action.Continue;`)).toEqual([
      logged,
      "log 2 false",
    ]);
  });

  test("a malformed block counts as no headers", async () => {
    const body = "log.info(headers.size.toString()); return Action.Continue;";
    expect(await callsOf(body, "", { rawPairs: Uint8Array.of(9, 0, 0, 0) })).toEqual([
      "log 4 proxy_get_header_map_pairs gave a malformed block: it counts as no headers",
      "log 2 0",
    ]);
  });
});
