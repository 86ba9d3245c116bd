import { describe, expect, test } from "vitest";
import { compileFilter } from "../compile.ts";
import { RecordingHost } from "../recording-host.ts";
import { build } from "../sample-filter.ts";

const EMPTY = `import { HttpFilter, httpFilter } from "as-proxy-wasm";
  @httpFilter("empty") class Empty extends HttpFilter {}`;

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

  test("is named once for each call and callback", async () => {
    const add = 'headers.add(utf8("a"), utf8("1"));';
    const onLog = 'onLog(): void { this.requestHeaders.add(utf8("a"), utf8("1")); }';
    const body = `${add} ${add} headers.set(utf8("a"), utf8("1")); return Action.Continue;`;
    const host = new RecordingHost(await build(body, "", onLog), {
      refusals: { proxy_add_header_map_value: 2, proxy_replace_header_map_value: 1 },
    });
    host.configure();
    for (let id = 2; id < 6; id++) {
      host.guest.proxy_on_context_create(id, 1);
      host.guest.proxy_on_request_headers(id, 0, 1);
      host.guest.proxy_on_log(id);
    }
    const refused = "was refused by the host with status";
    expect(host.calls).toEqual([
      `log 4 proxy_add_header_map_value ${refused} BadArgument (2)`,
      `log 4 proxy_replace_header_map_value ${refused} NotFound (1)`,
      `log 4 proxy_add_header_map_value ${refused} BadArgument (2)`,
    ]);
  });

  test.each([
    [10, "InternalFailure (10)"],
    [6, "6"],
  ])(
    "what every module asks for, by status %i, is named in a module that has no other names",
    async (status, name) => {
      const { wasm } = await compileFilter(EMPTY);
      if (wasm === null) throw new Error("it does not compile");
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
