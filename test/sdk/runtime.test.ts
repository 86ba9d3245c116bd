import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Headers, RecordingHost } from "./recording-host.ts";
import { build } from "./sample-filter.ts";

async function callsOf(body: string, top = "", options = {}): Promise<string[]> {
  const host = new RecordingHost(await build(body, top), options);
  expect(host.configure()).toBe(true);
  host.request();
  return host.calls;
}

describe("contexts", () => {
  let host: RecordingHost;

  beforeAll(async () => {
    host = new RecordingHost(
      await build('return this.respond(403, "no");', "", 'onLog(): void { this.respond(500, "late"); }'),
    );
    host.configure();
  });

  test("a stream that was never created passes", () => {
    expect(host.guest.proxy_on_request_headers(99, 0, 1)).toBe(0);
  });

  test("a plugin's own number given as a stream's passes", () => {
    expect(host.guest.proxy_on_request_headers(1, 0, 1)).toBe(0);
    host.guest.proxy_on_log(1);
  });

  test("a stream that was deleted passes, and may be deleted again", () => {
    expect(host.request(7)).toBe(4); // headers and all that follows are held
    expect(host.guest.proxy_on_request_headers(7, 0, 1)).toBe(0);
    host.guest.proxy_on_delete(7);
  });

  test("1,000 streams that share buckets are told apart", () => {
    for (let i = 0; i < 1_000; i++) host.guest.proxy_on_context_create(100 + i * 64, 1);
    for (let i = 0; i < 1_000; i += 2) host.guest.proxy_on_delete(100 + i * 64);
    const actions = Array.from({ length: 1_000 }, (_, i) =>
      host.guest.proxy_on_request_headers(100 + i * 64, 0, 1),
    );
    expect(actions).toEqual(Array.from({ length: 1_000 }, (_, i) => (i % 2) * 4));
  });

  test("a local reply is refused once the stream is over", () => {
    host.guest.proxy_on_context_create(5, 1);
    host.calls.length = 0;
    host.guest.proxy_on_log(5);
    expect(host.calls).toEqual([
      "log 4 a local reply was refused in onLog: the stream has not begun, or is over: take another callback",
    ]);
  });
});

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

describe("a host that refuses", () => {
  test.each([
    [0, null],
    [1, "NotFound (1)"],
    [2, "BadArgument (2)"],
    [3, "SerializationFailure (3)"],
    [4, "ParseFailure (4)"],
    [5, "BadExpression (5)"],
    [6, "InvalidMemoryAccess (6)"],
    [7, "Empty (7)"],
    [8, "CasMismatch (8)"],
    [9, "ResultMismatch (9)"],
    [10, "InternalFailure (10)"],
    [11, "BrokenConnection (11)"],
    [12, "Unimplemented (12)"],
    [13, "13"],
    [-1, "-1"],
  ])("by status %i is named in the log", async (status, name) => {
    const host = new RecordingHost(
      await build('headers.add(utf8("a"), utf8("1")); return Action.Continue;'),
      { refusals: { proxy_add_header_map_value: status } },
    );
    host.configure();
    host.request();
    const line = `log 4 proxy_add_header_map_value was refused by the host with status ${name}`;
    expect(host.calls).toEqual(name === null ? [] : [line]);
  });

  test.each([
    [10, "InternalFailure (10)"],
    [6, "6"],
  ])(
    "what every module asks for, by status %i, is named in a module that has no other names",
    async (status, name) => {
      const wasm = await build("return Action.Continue;");
      const host = new RecordingHost(wasm, {
        configuration: "{}",
        refusals: { proxy_get_buffer_bytes: status, proxy_define_metric: status },
      });
      host.configure();
      const refused = `was refused by the host with status ${name}`;
      expect(host.calls).toEqual([
        `log 4 proxy_get_buffer_bytes ${refused}`,
        `log 4 proxy_define_metric ${refused}`,
      ]);
      expect(Buffer.from(wasm).includes("statusName")).toBe(false);
    },
  );
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

describe("metrics", () => {
  test("a counter is defined when the plugin is configured, and 0 is not sent", async () => {
    const body = "counter.increment(); counter.increment(0); counter.increment(5); return Action.Continue;";
    expect(await callsOf(body, 'const counter = new Counter("a.b");')).toEqual([
      "define 0 a.b",
      "increment 4 1",
      "increment 4 5",
    ]);
  });
});

describe("timers", () => {
  let host: RecordingHost;
  /** Lets the clock go on, ticks, and returns what was logged or asked of the tick. */
  const tickAfter = (ms: number): string[] => {
    host.calls.length = 0;
    host.nowNanos += BigInt(Math.round(ms * 1e6));
    host.guest.proxy_on_tick(1);
    return host.calls.filter((call) => !call.startsWith("clock"));
  };

  beforeEach(async () => {
    const timer = `class Say extends Timer {
      constructor(readonly text: string) { super(); }
      onTime(): void { log.info(this.text); }
    }`;
    const body = `const say = new Say("once"); this.plugin.after(25, say); this.plugin.after(15, say);
      this.plugin.every(10, new Say("again")); return Action.Continue;`;
    host = new RecordingHost(await build(body, timer));
    host.configure();
    host.request();
  });

  test("set the tick to the earliest of them", () => {
    expect(host.calls.filter((call) => call.startsWith("tick"))).toEqual([
      ...["tick 0", "tick 25", "tick 15", "tick 10"],
    ]);
  });

  test("happen in the order of their deadlines", () => {
    expect(tickAfter(10)).toEqual(["log 2 again", "tick 5"]);
    expect(tickAfter(5)).toEqual(["log 2 once", "tick 5"]);
    expect(tickAfter(5)).toEqual(["log 2 again", "tick 10"]);
  });

  test("that are not due wait for the next tick", () => {
    expect(tickAfter(5.5)).toEqual(["tick 5"]);
  });

  test("happen when the host says that their time has come, if its clock lacks no more than 4 ms", () => {
    expect(tickAfter(9.5)).toEqual(["log 2 again", "tick 6"]);
  });

  test("that are set in a tick which is early wait for their time", async () => {
    const again = `class Again extends Timer {
      constructor(readonly plugin: BasicPlugin) { super(); }
      onTime(): void { log.info("again"); this.plugin.after(1, this); }
    }`;
    host = new RecordingHost(
      await build("this.plugin.after(10, new Again(this.plugin)); return Action.Continue;", again),
    );
    host.configure();
    host.request();
    expect(tickAfter(6)).toEqual(["log 2 again", "tick 5"]);
    expect(tickAfter(5)).toEqual(["log 2 again", "tick 1"]);
  });

  test("that come late keep their times", () => {
    expect(tickAfter(13)).toEqual(["log 2 again", "tick 2"]);
    expect(tickAfter(2)).toEqual(["log 2 once", "tick 5"]);
  });

  test("that were missed are not made up for", () => {
    expect(tickAfter(1000)).toEqual(["log 2 again", "log 2 once", "tick 10"]);
  });

  test("of a plugin that the module does not know do nothing", () => {
    host.calls.length = 0;
    host.guest.proxy_on_tick(99);
    expect(host.calls).toEqual([]);
  });
});

describe("the standard library", () => {
  test("Date.now and currentTimeNanos ask the proxy's clock in a callback", async () => {
    const body =
      "log.info(Date.now().toString() + ' ' + currentTimeNanos().toString()); return Action.Continue;";
    expect(await callsOf(body)).toEqual([
      "clock proxy",
      "clock proxy",
      "log 2 1700000000123 1700000000123456789",
    ]);
  });

  test("Date.now asks WASI's clock while the module is initialised", async () => {
    const body = "log.info(start.toString()); return Action.Continue;";
    expect(await callsOf(body, "const start = Date.now();")).toEqual(["clock wasi 0", "log 2 1700000000123"]);
  });

  test("Math.random is seeded by WASI", async () => {
    expect(await callsOf("return Math.random() < 1 ? Action.Continue : Action.Pause;")).toEqual(["random 8"]);
  });

  test("crypto fills an array of any size, for Envoy gives no more than 64 KiB at once", async () => {
    const body = "crypto.getRandomValues(new Uint8Array(150_000)); return Action.Continue;";
    expect(await callsOf(body)).toEqual(["random 65536", "random 65536", "random 18928"]);
  });

  test("console and trace write to the proxy's log", async () => {
    const body =
      'console.log("a"); console.warn("b"); console.error("c"); trace("t", 2, 1.5, 2); return Action.Continue;';
    expect(await callsOf(body)).toEqual(["log 2 a", "log 3 b", "log 4 c", "log 0 t 1.5, 2.0"]);
  });
});
