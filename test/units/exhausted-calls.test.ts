import type { CallName, Transcript, TranscriptEntry } from "proxy-wasm-harness";
import { expect, test } from "vitest";
import { callsIn } from "../../harness/src/exhaust/calls.ts";

function transcriptOf(entries: ReadonlyArray<Partial<TranscriptEntry>>, omitted = 0): Transcript {
  const empty = { arguments: {}, outputs: {}, result: "Ok", trap: null, timeNanos: 0, contextId: 1 };
  const all = entries.map((entry) => ({ ...empty, plugin: "p", ...entry }) as TranscriptEntry);
  return Object.assign(all, { omitted });
}

const callback = (name: CallName, depth = 0) => ({ kind: "callback", name, depth }) as const;
const hostCall = (name: CallName, depth = 1, outputs: TranscriptEntry["outputs"] = {}) =>
  ({ kind: "host_call", name, depth, outputs }) as const;

test("a call belongs to the callback that is open, and is counted from the start or from after it", () => {
  const made = callsIn(
    transcriptOf([
      hostCall("proxy_log", 0),
      callback("proxy_on_configure"),
      hostCall("proxy_log"),
      callback("proxy_on_request_headers"),
      hostCall("proxy_http_call"),
      callback("proxy_on_http_call_response", 2),
      hostCall("proxy_log", 3),
      hostCall("proxy_log"),
      callback("proxy_on_request_headers"),
      hostCall("proxy_log"),
    ]),
    3,
  );

  const logged = made.filter(({ name }) => name === "proxy_log");
  expect(
    logged.map(({ isAtStart, nth, callback: of, callbackNth }) => [isAtStart, nth, of, callbackNth]),
  ).toEqual([
    [true, 1, "_initialize", 1],
    [true, 2, "proxy_on_configure", 1],
    [false, 1, "proxy_on_http_call_response", 1],
    [false, 2, "proxy_on_request_headers", 1],
    [false, 3, "proxy_on_request_headers", 2],
  ]);
});

test.for([
  ["proxy_get_header_map_value", { value: "a" }, true],
  ["proxy_get_header_map_value", { value: "" }, false],
  ["proxy_get_header_map_value", { value: { base64: "/w==", byteLength: 1 } }, true],
  ["proxy_get_header_map_value", {}, false],
  ["proxy_get_header_map_pairs", { fields: [["a", "b"]] }, true],
  ["proxy_get_shared_data", { value: "", cas: 7 }, false],
  ["proxy_get_metric", { value: 7 }, false],
  ["random_get", { bytes: "abc" }, false],
] as const)("%s that gives %o allocates: %s", ([name, outputs, allocates]) => {
  const [made] = callsIn(transcriptOf([hostCall(name, 0, outputs)]), 0);

  expect(made?.allocates).toBe(allocates);
});

test("calls that the transcript has lost are refused", () => {
  expect(() => callsIn(transcriptOf([], 5), 0)).toThrow(/which lost 5: let it send less/);
});
