import { startProxy } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { test } from "vitest";
import { guest } from "../guests/guest.ts";

const embedded = { backend: "embedded" } as const;

test("a transcript as text has a line for each call, with its time, plugin and depth", async () => {
  await using proxy = await startProxy({
    ...embedded,
    chain: [
      { filter: guest("raw/obeys"), name: "one" },
      { filter: guest("raw/obeys"), name: "two" },
    ],
  });
  await proxy.post("/", "abc", { headers: { "x-do": "w" } });
  await proxy.settled();

  const [first = "", ...lines] = String(proxy.transcript).split("\n");
  expect(first).toMatch(
    /^ +\d+\.\d{3} ms {2}\[one\] proxy_on_request_headers\(context 3, 8 headers\) → Continue$/,
  );
  const texts = lines.map((line) => line.replace(/^.{12} {2}/, ""));
  expect(texts.slice(0, 3)).toEqual([
    '  proxy_get_header_map_value(RequestHeaders, "x-do") → Ok "w"',
    "  proxy_log(Warn, 0x74776f0a6c696e65733a20ff20c3a920225c2220002e) → Ok",
    "[two] proxy_on_request_headers(context 4, 8 headers) → Continue",
  ]);
  expect(texts.slice(-4)).toEqual([
    '  proxy_log(Info, "deleted") → Ok',
    "[two] proxy_on_delete(context 4)",
    "  proxy_increment_metric(metric 8, offset 1) → Ok",
    '  proxy_log(Info, "deleted") → Ok',
  ]);
  expect(texts).toContain("[two] proxy_on_response_body(context 4, 0 bytes, end of stream) → Continue");
});

test("times are those of the clock that a test moves", async () => {
  await using proxy = await startProxy({ ...embedded, chain: [{ filter: guest("raw/obeys") }] });
  await proxy.clock.advance(0);
  await proxy.get("/");
  await proxy.clock.advance(1000);
  await proxy.get("/");
  await proxy.settled();

  const [first = 0, second = 0] = proxy.transcript
    .filter(({ name }) => name === "proxy_on_request_headers")
    .map(({ timeNanos }) => timeNanos);
  expect(second - first).toBe(1e9);
});

test("a long value is kept by its beginning, and cut in text", async () => {
  await using proxy = await startProxy({
    ...embedded,
    chain: [
      {
        filter: guest("echo-headers"),
        configuration: { edits: [{ do: "set", name: "x-a", value: "é".repeat(3000) }] },
      },
    ],
  });
  await proxy.get("/");
  await proxy.settled();

  const value = { text: "é".repeat(2048), byteLength: 6000 };
  expect(proxy.transcript).toHaveCalled("proxy_replace_header_map_value", { key: "x-a", value });
  expect(String(proxy.transcript)).toContain(
    `(RequestHeaders, "x-a", "${"é".repeat(64)}…" (6,000 bytes)) → Ok`,
  );
});

test("the oldest calls are let go of, and nothing is said of what may have been among them", async () => {
  await using proxy = await startProxy({
    ...embedded,
    chain: [{ filter: guest("echo-headers"), configuration: { log: true } }],
  });
  const headers = Array.from({ length: 90 }, (_, i) => [`x-${i}`, "v".repeat(150)] as const);
  const rounds = 1_200;
  for (let i = 0; i < rounds; i++) await proxy.get("/", { headers });
  await proxy.settled();

  const { transcript } = proxy;
  const calls = transcript.filter(({ name }) => name === "proxy_on_request_headers");
  expect(transcript.omitted).toBeGreaterThan(0);
  expect(calls.length).toBeLessThan(rounds);
  expect(transcript.at(-1)).toMatchObject({ name: "proxy_on_delete", contextId: rounds + 1 });
  expect(String(transcript)).toContain(`… ${transcript.omitted} earlier calls are not kept\n`);
  const lost = `the transcript has lost the first ${transcript.omitted} calls`;
  expect(() => expect(transcript).not.toHaveCalled("proxy_on_tick")).toThrow(lost);
  expect(() => expect(transcript).toHaveCalledTimes("proxy_on_request_headers", calls.length)).toThrow(lost);
  expect(() => expect(transcript).not.toHaveCalledTimes("proxy_on_request_headers", 1)).toThrow(lost);
  expect(() => expect(transcript).not.toHaveCallsInOrder(["proxy_on_tick"])).toThrow(lost);
});
