import type { BackendName } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";
import { guest } from "../guests/guest.ts";

const isEmbedded = (inject("proxyWasmBackend") as BackendName) === "embedded";
/** What an address leads to: the embedded backend copies it, and of Envoy's log its length is known. */
const bytes = (text: string): unknown => (isEmbedded ? text : { byteLength: text.length });

const authz = filterTest("header-authz", { rules: [{ allow: { header: "x-role", exact: "admin" } }] });

authz("a call has what it was given and what was answered", async ({ proxy }) => {
  await proxy.post("/orders", "abc", { headers: { "x-role": "user" } });
  await proxy.settled();

  expect(proxy.transcript).toHaveCallsInOrder([
    ["proxy_on_context_create", { parent: 1 }],
    ["proxy_on_request_headers", { headers: 8, endOfStream: false, result: "StopAllIterationAndWatermark" }],
    ["proxy_get_header_map_pairs", { map: "RequestHeaders", result: "Ok", contextId: 2 }],
    ["proxy_log", { level: "Debug", message: bytes("header_authz_no_rule_matched") }],
    ["proxy_send_local_response", { status: 403, details: bytes("header_authz_no_rule_matched") }],
    ["proxy_on_delete", { context: 2, result: null }],
  ]);
});

const obeying = filterTest(guest("raw/obeys"), undefined, { allowTraps: true });

obeying("a callback that traps says why, and ends what was called in it", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-do": "r" } });
  await proxy.settled();

  expect(proxy.transcript).toHaveCalled("proxy_on_request_headers", { result: "Continue", trap: null });
  expect(proxy.transcript).toHaveCalled("proxy_on_response_headers", { result: null, trap: "unreachable" });
  expect(String(proxy.transcript)).toMatch(/ {2}proxy_on_response_headers\(.*\) → trap: unreachable$/m);
});

obeying(
  "host calls are one deeper than their callback, in its context, and not before it",
  async ({ proxy }) => {
    await proxy.get("/", { headers: { "x-do": "w" } });
    await proxy.settled();

    const [callback, ...rest] = proxy.transcript;
    const calls = rest.slice(0, 2);
    expect(callback).toMatchObject({ name: "proxy_on_request_headers", depth: 0, contextId: 2 });
    expect(calls.map(({ name }) => name)).toEqual(["proxy_get_header_map_value", "proxy_log"]);
    expect(calls.map(({ depth, contextId }) => [depth, contextId])).toEqual([[1, 2], [1, 2]]); // prettier-ignore
    const times = proxy.transcript.map(({ timeNanos }) => timeNanos);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThan(0);
    expect(times.at(-1)).toBeLessThan(performance.now() * 1e6);
  },
);

obeying("a transcript is plain data", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-do": "w" } });
  await proxy.settled();

  const read: unknown = JSON.parse(JSON.stringify(proxy.transcript));
  expect(read).toEqual([...proxy.transcript]);
  expect(proxy.transcript.omitted).toBe(0);
});

obeying("what the host wrote is there where the backend can see it", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-do": "w" } });
  await proxy.settled();

  const awkward = Buffer.from('two\nlines: \xff \xc3\xa9 "\\" \0.', "latin1");
  const base64 = { base64: awkward.toString("base64") };
  const wanted = { byteLength: awkward.length, ...(isEmbedded ? base64 : {}) };
  expect(proxy.transcript).toHaveCalled("proxy_log", { level: "Warn", message: wanted });
  const [read] = proxy.transcript.filter(({ name }) => name === "proxy_get_header_map_value");
  expect(read).toMatchObject({ result: "Ok", outputs: isEmbedded ? { value: "w" } : {} });
  expect(read?.arguments).toEqual({ map: "RequestHeaders", key: bytes("x-do") });
});
