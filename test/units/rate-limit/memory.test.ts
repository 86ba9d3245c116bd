import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { RecordingHost } from "../../sdk/recording-host.ts";

const file = new URL("../../../build/rate-limit.wasm", import.meta.url);
const wasm = new Uint8Array(await readFile(file));

test.each([
  ["token_bucket", 20],
  ["sliding_window", 60],
])("shared data keep at most two entries a key that there is a place for: %s", (algorithm, entryLength) => {
  const maxKeys = 1_000;
  const headers: Array<[string, string]> = [["x-key", ""]];
  const limit = { requests: 1, per: "day", algorithm };
  const rules = [{ name: "r", key: [{ header: "x-key" }], limit }];
  const host = new RecordingHost(wasm, {
    rootId: "rate-limit",
    configuration: JSON.stringify({ rules, max_keys: maxKeys }),
    headers,
  });
  expect(host.configure()).toBe(true);
  for (let i = 0; i < 30_000; i++) {
    headers[0] = ["x-key", `key-${i}`];
    host.request();
    host.calls.length = 0;
  }

  const sizes = [...host.shared.values()].map(({ bytes }) => bytes.length);
  expect(sizes).toHaveLength((2 * maxKeys) / 16 + 1); // the buckets, and the seed
  expect(Math.max(...sizes)).toBe(16 * entryLength);
});

test("the module has at most 76 KiB, names left out", () => {
  const names = WebAssembly.Module.customSections(new WebAssembly.Module(wasm), "name");
  const nameLength = names.reduce((length, section) => length + section.byteLength, 0);

  expect(wasm.length - nameLength).toBeLessThanOrEqual(76 * 1024);
});
