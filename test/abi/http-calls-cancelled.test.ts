import { expect, filterTest } from "proxy-wasm-harness/vitest";
import type { StartedProxy } from "proxy-wasm-harness";
import { guest } from "../guests/guest.ts";

const test = filterTest(guest("cancels"), {}, { clusters: ["service"] });

/** What the filter logs of one request, once every callout is answered. */
async function logged(proxy: StartedProxy, what: string): Promise<string[]> {
  expect(await proxy.get("/", { headers: { "x-do": what } })).toHaveStatus(200);
  await proxy.settled();
  return proxy.logs.map(({ message }) => message);
}

test("the answer to a callout that was cancelled is dropped", async ({ proxy, clusters }) => {
  clusters["service"]?.respond(({ path }) => ({ body: path }));

  expect(await logged(proxy, "cancel")).toEqual(["awaited false"]);
  expect(clusters["service"]?.requests).toHaveLength(1);
  expect(proxy.transcript.map(({ name }) => name)).toContain("proxy_on_http_call_response");
});

test("an object whose callout was cancelled serves the next, and only that", async ({ proxy, clusters }) => {
  clusters["service"]?.respond(({ path }) => ({ body: path, delayMs: path === "/first" ? 0 : 50 }));

  expect(await logged(proxy, "cancel_reuse")).toEqual(["awaited false", "answer /second"]);
});

test("the answer to a cancelled callout that comes after the next one's is dropped, too", async ({
  proxy,
  clusters,
}) => {
  clusters["service"]?.respond(({ path }) => ({ body: path, delayMs: path === "/first" ? 50 : 0 }));

  expect(await logged(proxy, "cancel_reuse")).toEqual(["awaited false", "answer /second"]);
});

test("a callout is made again in its own result", async ({ proxy, clusters }) => {
  clusters["service"]?.respond(({ path }) => ({ body: path }));

  expect(await logged(proxy, "reuse_in_result")).toEqual(["answer /first", "answer /second"]);
});

test("a callout that is cancelled in its own result is over already", async ({ proxy, clusters }) => {
  clusters["service"]?.respond(({ path }) => ({ body: path }));

  expect(await logged(proxy, "cancel_in_result")).toEqual(["answer /first"]);
});

test("an object that waits for an answer is not sent twice", async ({ proxy, clusters }) => {
  clusters["service"]?.respond(({ path }) => ({ body: path }));
  const refusal =
    "an HTTP callout was refused in onRequestHeaders: the answer to this object's last one is still awaited: use another object, or cancel() it first";

  expect(await logged(proxy, "twice")).toEqual([refusal, "answer /first"]);
  expect(clusters["service"]?.requests).toHaveLength(1);
});

test("a handler that asks again whenever nothing is sent comes to an end, with one line", async ({
  proxy,
  upstream,
}) => {
  const notSent = "proxy_http_call was refused by the host with status BadArgument (2)";
  const refusal =
    "an HTTP callout was refused in onRequestHeaders: its handler asks again each time that nothing is sent: let a timer ask";

  expect(await logged(proxy, "insist")).toEqual([notSent, refusal]);
  expect(await logged(proxy, "insist")).toEqual([notSent, refusal]); // each said once
  expect(upstream.requests).toHaveLength(2);
});
