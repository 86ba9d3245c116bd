import type { Transcript, TranscriptEntry } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { test } from "vitest";

const call = (entry: Partial<TranscriptEntry>): TranscriptEntry => ({
  ...{ kind: "host_call", name: "proxy_done", plugin: "p", contextId: 2, arguments: {} },
  ...{ outputs: {}, result: "Ok", trap: null, timeNanos: 1, depth: 1 },
  ...entry,
});
const headers = { context: 2, headers: 5, endOfStream: true };
const key = { map: "RequestHeaders", key: "x-api-key" };
const transcript = [
  call({
    kind: "callback",
    name: "proxy_on_request_headers",
    arguments: headers,
    result: "Continue",
    depth: 0,
  }),
  call({ name: "proxy_get_header_map_value", arguments: key, outputs: { value: "secret" } }),
  call({ name: "proxy_get_header_map_value", arguments: { ...key, key: "x-b" }, result: "NotFound" }),
  call({ kind: "callback", name: "proxy_on_log", arguments: { context: 2 }, result: null, depth: 0 }),
] as readonly TranscriptEntry[] as Transcript;

const lines = [
  "proxy_on_request_headers(context 2, 5 headers, end of stream) → Continue",
  '  proxy_get_header_map_value(RequestHeaders, "x-api-key") → Ok "secret"',
  '  proxy_get_header_map_value(RequestHeaders, "x-b") → NotFound',
  "proxy_on_log(context 2)",
] as const;
const shown = (...marked: number[]): string =>
  lines.map((line, i) => `  ${marked.includes(i) ? ">" : " "} ${line}`).join("\n");
const plain = lines.map((line) => `  ${line}`).join("\n");

const get = "proxy_get_header_map_value";

test.for([
  ["by its name", () => expect(transcript).toHaveCalled("proxy_on_log")],
  ["by a name", () => expect(transcript).toHaveCalled(get, { map: "RequestHeaders", value: "secret" })],
  ["by bytes", () => expect(transcript).toHaveCalled(get, { key: Buffer.from("x-b"), result: "NotFound" })],
  ["by a pattern", () => expect(transcript).toHaveCalled(get, { key: expect.stringMatching(/^x-b/) })],
  ["by its plugin and context", () => expect(transcript).toHaveCalled(get, { plugin: "p", contextId: 2 })],
  ["as absent", () => expect(transcript).not.toHaveCalled(get, { key: "x-c" })],
  ["in number", () => expect(transcript).toHaveCalledTimes(get, 2)],
  ["in number, as none", () => expect(transcript).toHaveCalledTimes("proxy_log", 0)],
  ["in order", () => expect(transcript).toHaveCallsInOrder([[get, { key: "x-b" }], "proxy_on_log"])],
  ["in another order", () => expect(transcript).not.toHaveCallsInOrder([get, get, get])],
  ["in a part of a transcript", () => expect(transcript.slice(3)).not.toHaveCalled(get)],
] as const)("a call is judged %s", ([, held]) => held());

// prettier-ignore
test.for([
  ["a call that was never made",
    () => expect(transcript).toHaveCalled("proxy_on_done"),
    `expected a call of proxy_on_done, but it was not called: did you mean proxy_on_log?\nthe calls were\n${plain}`],
  ["a call with other values",
    () => expect(transcript).toHaveCalled(get, { key: "x-b", result: "Ok" }),
    `expected a call of ${get} with {"key":"x-b","result":"Ok"}, but the nearest differs:\n  key is "x-api-key" and not "x-b"\nin\n${shown(1)}`],
  ["a call that is there",
    () => expect(transcript).not.toHaveCalled(get, { key: "x-b" }),
    `expected not a call of ${get} with {"key":"x-b"}, but there is one:\n${shown(2)}`],
  ["another number",
    () => expect(transcript).toHaveCalledTimes(get, 3),
    `expected ${get} to be called 3 times, but it was called 2 times:\n${lines.slice(1, 3).join("\n")}`],
  ["a call that comes before",
    () => expect(transcript).toHaveCallsInOrder([[get, { key: "x-b" }], [get, { key: "x-api-key" }]]),
    `expected calls in the order ${get} with {"key":"x-b"} → ${get} with {"key":"x-api-key"}, but ${get} with {"key":"x-api-key"} was not called after ${get}, though before:\n${shown(1, 2)}`],
  ["a call that differs behind another",
    () => expect(transcript).toHaveCallsInOrder(["proxy_on_request_headers", [get, { value: "other" }]]),
    `expected calls in the order proxy_on_request_headers → ${get} with {"value":"other"}, but ${get} with {"value":"other"} was not called after proxy_on_request_headers; the nearest differs:\n  value is "secret" and not "other"\nin\n${shown(0, 1)}`],
  ["an order that is there",
    () => expect(transcript).not.toHaveCallsInOrder([get, "proxy_on_log"]),
    `expected not calls in the order ${get} → proxy_on_log, but so they are:\n${shown(1, 3)}`],
] as const)("%s is told with what there was", ([, failed, told]) => {
  expect(messageOf(failed)).toBe(told);
});

test.for([
  ["a name", "proxy_get_header_value", {}, `the ABI has no proxy_get_header_value: did you mean ${get}?`],
  [
    "a value",
    get,
    { kee: "x-b" },
    `${get} has no kee: did you mean key?; it has map, key, value, result, plugin, contextId, trap`,
  ],
] as const)("%s that there cannot be fails whatever is said", ([, name, wanted, told]) => {
  const judged = expect(transcript) as unknown as Record<"toHaveCalled", (...given: unknown[]) => void>;
  const negated = expect(transcript).not as unknown as typeof judged;

  expect(() => judged.toHaveCalled(name, wanted)).toThrow(told);
  expect(() => negated.toHaveCalled(name, wanted)).toThrow(told);
});

test("names of calls and of their values are held by tsc", () => {
  // @ts-expect-error -- the ABI has no such call
  expect(() => expect(transcript).toHaveCalled("proxy_on_headers")).toThrow("the ABI has no");
  // @ts-expect-error -- this call has no such value
  expect(() => expect(transcript).toHaveCalled(get, { body: "" })).toThrow("has no body");
});

function messageOf(failed: () => void): string {
  try {
    failed();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "it held";
}
