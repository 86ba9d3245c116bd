import { startProxy, Upstream, type BackendName, type StartedProxy } from "proxy-wasm-harness";
import { chainTest, expect, filterTest } from "proxy-wasm-harness/vitest";
import { inject, test } from "vitest";
import { guest } from "../guests/guest.ts";

const observed = filterTest(guest("observer"), {}, { needs: ["http2-metadata"] });

/** The callbacks that the filter has logged, without the fields that it saw. */
function callbacks(proxy: StartedProxy): string[] {
  return proxy.logs.map(({ message }) => message).filter((line) => !line.startsWith("  "));
}

observed("METADATA of both sides comes behind the headers, with its count", async ({ proxy, upstream }) => {
  upstream.respond({ body: "one", metadata: { a: "1" } });
  await proxy.post("/", "two", { metadata: [["a", "1"], ["b", ""]] }); // prettier-ignore
  await proxy.settled();

  expect(callbacks(proxy)).toEqual([
    ...["request headers", "request metadata of 2", "request body of 3", "request body of 0, the end"],
    ...["response headers", "response metadata of 1", "response body of 3", "response body of 0, the end"],
    ...["log", "done"],
  ]);
});

observed("METADATA of a message without a body is not its end", async ({ proxy, upstream }) => {
  upstream.respond({ metadata: { a: "1" } });
  expect(await proxy.get("/", { metadata: { b: "2" } })).toHaveStatus(200);
  await proxy.settled();

  expect(callbacks(proxy).slice(0, 3)).toEqual([
    ...["request headers", "request metadata of 1", "request body of 0, the end"],
  ]);
});

for (const [holder, configuration] of [
  ["steers", { in: "request_headers", do: ["resume_request"], pause: true, by: "timer" }],
  ["checks-bodies", { ask: "body" }],
] as const) {
  chainTest([{ filter: guest(holder), configuration }, { filter: guest("observer") }], {
    needs: ["http2-metadata"],
    clusters: ["service"],
  })(`METADATA behind headers that ${holder} holds comes behind them`, async ({ proxy }) => {
    await proxy.post("/", "one", { metadata: { a: "1" } });
    await proxy.settled();

    const lines = callbacks(proxy).filter((line) => line.startsWith("request "));
    expect(lines.slice(0, 2)).toEqual(["request headers", "request metadata of 1"]);
  });
}

test("METADATA is refused where HTTP/1.1 is spoken", async ({ skip }) => {
  if (inject("proxyWasmBackend") === "embedded") return skip("the embedded backend has METADATA");
  const backend = inject("proxyWasmBackend") as BackendName;
  const upstream = new Upstream();
  await using proxy = await startProxy({ backend, upstream, chain: [{ filter: guest("empty") }] });
  const needed = 'let the test say needs: ["http2-metadata"]';

  await expect(proxy.get("/", { metadata: { a: "1" } })).rejects.toMatchObject({
    code: "unsupported",
    message: `METADATA is a frame of HTTP/2, and Envoy is spoken to by HTTP/1.1: ${needed}`,
  });
  upstream.respond({ metadata: { a: "1" } });
  await expect(proxy.get("/")).rejects.toMatchObject({
    code: "unsupported",
    message: `METADATA is a frame of HTTP/2 that this upstream cannot send: ${needed}`,
  });
});
