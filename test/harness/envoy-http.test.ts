import { expect } from "vitest";
import { outgoingRequest } from "../../harness/src/message.ts";
import { test } from "./envoy-fixture.ts";

const get = outgoingRequest({});

test("header values arrive byte for byte in both directions", async ({ start, upstream }) => {
  const value = new Uint8Array([0x80, 0xff, 0x20, 0xc3, 0xa9]);
  upstream.respond((request) => ({ headers: [["x-echo", request.headers.bytes("x-bytes") ?? ""]] }));
  const proxy = await start();

  const response = await proxy.send(outgoingRequest({ headers: { "x-bytes": value, "x-empty": "" } }));

  expect(response.headers.bytes("x-echo")).toEqual(value);
  expect(upstream.requests[0]?.headers.get("x-empty")).toBe("");
});

test("repeated fields stay apart and in order", async ({ start, upstream }) => {
  upstream.respond({ headers: [["x-r", "1"], ["x-r", "2"]] }); // prettier-ignore
  const proxy = await start();

  const response = await proxy.send(outgoingRequest({ headers: [["x-q", "b"], ["x-q", "a"]] })); // prettier-ignore

  expect(upstream.requests[0]?.headers.all("x-q")).toEqual(["b", "a"]);
  expect(response.headers.all("x-r")).toEqual(["1", "2"]);
});

test("the request target and the authority are sent as they are written", async ({ start, upstream }) => {
  const proxy = await start();

  await proxy.send(outgoingRequest({ path: "/a//b/../c?x=%20", authority: "example.com:80" }));

  expect(upstream.requests[0]).toMatchObject({ path: "/a//b/../c?x=%20", authority: "example.com:80" });
});

test("bodies and trailers pass in both directions", async ({ start, upstream }) => {
  upstream.respond(({ body }) => ({ body: [new Uint8Array(body), "!"], trailers: { "x-down": "d" } }));
  const proxy = await start();

  const request = outgoingRequest({ method: "POST", body: ["one", "two"], trailers: { "x-up": "u" } });
  const response = await proxy.send(request);

  expect(response.text()).toBe("onetwo!");
  expect(response.trailers.get("x-down")).toBe("d");
  expect(upstream.requests[0]?.trailers.get("x-up")).toBe("u");
});

test("connection fields are hidden on both sides", async ({ start, upstream }) => {
  const proxy = await start();

  const response = await proxy.send(outgoingRequest({ method: "POST", body: ["a", "b"] }));

  const names = [...response.headers, ...(upstream.requests[0]?.headers ?? [])].map(([name]) => name);
  expect(names).not.toContain("connection");
  expect(names).not.toContain("transfer-encoding");
});

test.for([
  ["a line break in a value", { "x-bad": "a\nb" }, '"x-bad": "a\\nb"'],
  ["a space in a name", { "x bad": "a" }, '"x bad": "a"'],
] as const)("%s is refused before it is sent", async ([, headers, shown], { start, upstream }) => {
  const proxy = await start();

  const refused = proxy.send(outgoingRequest({ headers }));

  await expect(refused).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining(shown),
  });
  expect(upstream.requests).toHaveLength(0);
});

test("a handler that throws fails the request with its error as the cause", async ({ start, upstream }) => {
  const thrown = new Error("no such user");
  upstream.respond(() => {
    throw thrown;
  });
  const proxy = await start();

  await expect(proxy.send(get)).rejects.toMatchObject({
    message: expect.stringContaining("no such user"),
    cause: thrown,
  });
});

test("a response that ends early says how far it got", async ({ start, upstream }) => {
  upstream.respond({ headers: { "content-length": "100" }, body: "short" });
  const proxy = await start();

  await expect(proxy.send(get)).rejects.toThrow("cut short: status 200, then 5 of 100 bytes of the body");
});

test("a request without a response is given up with Envoy's last lines", async ({ start }) => {
  const proxy = await start({ guests: ["raw/obeys"], requestMs: 200 });

  const refused = await proxy
    .send(outgoingRequest({ headers: { "x-do": "pause" } }))
    .catch((error: unknown) => error);

  expect(refused).toMatchObject({ code: "timeout" });
  expect((refused as Error).message).toMatch(
    /^GET \/ has no complete response, and was given 200 ms\nEnvoy's last/,
  );
});
