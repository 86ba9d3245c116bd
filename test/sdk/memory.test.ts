import { beforeAll, describe, expect, test } from "vitest";
import { RecordingHost } from "./recording-host.ts";
import { isCi } from "../harness/requires-ci.ts";
import { build } from "./sample-filter.ts";

/** A longer run is `SOAK_REQUESTS=1000000 npx vitest run --project units test/sdk/memory.test.ts`. */
const REQUESTS = Number(process.env["SOAK_REQUESTS"] ?? (isCi ? 100_000 : 20_000));

describe("memory", () => {
  let wasm: Uint8Array<ArrayBuffer>;

  beforeAll(async () => {
    wasm = await build(`
      for (let i = 0; i < headers.size; i++) headers.valueAt(i).toString().toUpperCase();
      headers.set(utf8("x-sum"), Bytes.fromString(headers.size.toString()));
      return Action.Continue;`);
  });

  const HEADERS = Array.from({ length: 15 }, (_, i) => [`x-header-${i}`, "v".repeat(20)] as const);

  test(`does not grow over ${REQUESTS} requests`, { timeout: 600_000 }, () => {
    const host = new RecordingHost(wasm, { headers: HEADERS });
    host.configure();
    for (let i = 0; i < 1_000; i++) host.request(i + 2);
    const before = host.guest.memory.buffer.byteLength;
    for (let i = 0; i < REQUESTS; i++) host.request(i + 2_000);
    expect(host.guest.memory.buffer.byteLength).toBe(before);
  });

  test.each([
    ["that keep nothing", "", ""],
    [
      "that keep a view of their headers",
      "path: Bytes | null = null;",
      'this.path = headers.get(utf8("x-header-3"));',
    ],
    [
      "that keep a copy of a header",
      "path: Bytes | null = null;",
      'const path = headers.get(utf8("x-header-3")); if (path !== null) this.path = path.copy();',
    ],
  ])(`does not grow with 1,000 streams open at a time %s`, { timeout: 600_000 }, async (_, members, keep) => {
    const body = `${keep} headers.valueAt(7).toString(); return Action.Continue;`;
    const host = new RecordingHost(await build(body, "", members), { headers: HEADERS });
    host.configure();
    const { guest } = host;
    const sizes: number[] = [];
    for (let id = 2; id < REQUESTS; id++) {
      guest.proxy_on_context_create(id, 1);
      guest.proxy_on_request_headers(id, 0, 1);
      if (id > 1_001) guest.proxy_on_delete(id - 1_000);
      if (id % (REQUESTS / 10) === 0) sizes.push(guest.memory.buffer.byteLength);
    }
    const settled = sizes.slice(2); // by then the heap has found its level
    expect(new Set(settled).size, sizes.join()).toBe(1);
  });

  test.each([
    ["a view of a header keeps all headers", "headers.valueAt(3)", 800, 2_000],
    ["a copy of a header keeps no other", "headers.valueAt(3).copy()", 60, 250],
  ])("is kept by a stream as far as it must be: %s", async (_, kept, least, most) => {
    const body = `this.kept = ${kept}; return Action.Continue;`;
    const wasm = await build(body, "", "kept: Bytes = Bytes.EMPTY;");
    const { guest } = new RecordingHost(wasm, { headers: HEADERS });
    guest.proxy_on_context_create(1, 0);
    guest.proxy_on_configure(1, 0);
    const streams = 20_000;
    const before = guest.memory.buffer.byteLength;
    for (let id = 2; id < streams + 2; id++) {
      guest.proxy_on_context_create(id, 1);
      guest.proxy_on_request_headers(id, 0, 1);
    }
    const bytes = (guest.memory.buffer.byteLength - before) / streams;
    expect(bytes).toBeGreaterThan(least);
    expect(bytes).toBeLessThan(most);
  });

  test("that the host asks for and that cannot be had is refused without a trap", () => {
    expect(new RecordingHost(wasm).guest.malloc(0x7fffffff)).toBe(0);
  });
});
