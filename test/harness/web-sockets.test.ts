import { expect, onTestFinished } from "vitest";
import { openWebSocket, type WebSocketRequest } from "../../harness/src/clients/web-socket-client.ts";
import type { ClientTarget } from "../../harness/src/clients/target.ts";
import { HeaderList } from "../../harness/src/header-list.ts";
import type { WebSocketAnswer, WebSocketConnection } from "../../harness/src/websockets/connection.ts";
import { test as base } from "./protocols-fixture.ts";

type Open = (target: ClientTarget, request?: Partial<WebSocketRequest>) => Promise<WebSocketAnswer>;

/** Opens sockets, each for the test's time. */
const test = base.extend<{ open: Open }>({
  open: async ({}, use) =>
    use((target, request = {}) =>
      openWebSocket(target, {
        path: "/",
        authority: "localhost",
        headers: new HeaderList(),
        protocols: [],
        ...request,
      }),
    ),
});

async function echo(socket: WebSocketConnection): Promise<void> {
  for await (const message of socket.messages) await socket.send(message);
}

test("text and bytes come back from an echo, in their order", async ({ open, serve, upstream }) => {
  upstream.webSocket(echo);
  const { socket } = await open(await serve());
  const messages = ["text \u00fc", new Uint8Array([0, 0xff]), ""];

  for (const message of messages) await socket.send(message);

  const received = [];
  while (received.length < messages.length) received.push(await socket.receive());
  expect(
    received.map((message) => (typeof message === "string" ? message : new Uint8Array(message))),
  ).toEqual(messages);
});

test("the upstream sees the request, and the client the answer", async ({ open, serve, upstream }) => {
  upstream.webSocket(echo);
  const headers = HeaderList.from([
    ["x-a", "1"],
    ["x-a", "2"],
  ]);

  const { response } = await open(await serve(), {
    path: "/chat?room=1",
    authority: "chat.example",
    headers,
    protocols: ["v2", "v1"],
  });

  const [request] = upstream.requests;
  expect(request).toMatchObject({ method: "GET", path: "/chat?room=1", authority: "chat.example" });
  expect(request?.headers.all("x-a")).toEqual(["1", "2"]);
  expect(response.status).toBe(101);
  expect(response.headers.get("sec-websocket-protocol")).toBe("v2");
});

test("a socket goes over TLS", async ({ authority, open, serve, upstream }) => {
  upstream.webSocket(echo);
  const server = await serve({ tls: { identity: await authority.issue({ ips: ["127.0.0.1"] }) } });
  const { socket } = await open({ port: server.port, tls: { authority: authority.certificate } });

  await socket.send("secret");

  expect(await socket.receive()).toBe("secret");
  expect(server.connections).toMatchObject([{ protocol: "h1", tls: { alpn: "http/1.1" } }]);
});

test("the side that closes says why", async ({ open, serve, upstream }) => {
  upstream.webSocket((socket) => void socket.close(4001, "enough"));
  const { socket } = await open(await serve());

  expect(await socket.closed()).toEqual({ code: 4001, reason: "enough" });
  await expect(socket.receive()).rejects.toThrow(
    "the WebSocket was closed with 4001 (enough), and no message is left",
  );
  await expect(socket.send("late")).rejects.toThrow("closed with 4001");
});

test("a close of the client reaches the handler", async ({ open, serve, upstream }) => {
  const seen = Promise.withResolvers<object>();
  upstream.webSocket(async (socket) => seen.resolve(await socket.closed()));
  const { socket } = await open(await serve());

  expect(await socket.close(4002, "bye")).toEqual({ code: 4002, reason: "bye" });

  expect(await seen.promise).toEqual({ code: 4002, reason: "bye" });
});

test("a socket that is broken off was closed with 1006", async ({ open, serve, upstream }) => {
  upstream.webSocket((socket) => socket.terminate());
  const { socket } = await open(await serve());

  expect(await socket.closed()).toEqual({ code: 1006, reason: "" });
});

test("a handler that returns closes its socket", async ({ open, serve, upstream }) => {
  upstream.webSocket(async (socket) => socket.send("one"));
  const { socket } = await open(await serve());

  const messages = [];
  for await (const message of socket.messages) messages.push(message);

  expect(messages).toEqual(["one"]);
  expect(await socket.closed()).toEqual({ code: 1000, reason: "" });
});

test("what a handler throws is said afterwards", async ({ open, serve, upstream }) => {
  upstream.webSocket(() => {
    throw new Error("out of order");
  });
  const server = await serve();
  const { socket } = await open(server);

  await socket.closed();

  expect(() => server.refuseFailure()).toThrow("the upstream's handler threw: out of order");
});

test("an upstream without WebSockets answers as it answers everything", async ({ open, serve, upstream }) => {
  upstream.respond({ status: 403, headers: { "x-why": "no" }, body: "not here" });

  const answer = await open(await serve());

  expect(answer.response).toMatchObject({ status: 403 });
  expect(answer.response.headers.get("x-why")).toBe("no");
  expect(() => answer.socket).toThrow('no WebSocket was opened, the answer was 403 ("not here")');
});

test("a request that nobody answers is given up", async ({ open, serve, upstream }) => {
  const gate = upstream.hold();
  onTestFinished(() => gate.release());
  const given = new AbortController();
  const refused = expect(open(await serve(), { signal: given.signal })).rejects.toThrow(
    "before an answer to the upgrade",
  );
  await gate.arrived();

  given.abort();

  await refused;
});

test("a port on which nobody listens is refused", async ({ open, serve }) => {
  const server = await serve();
  server.closePort();

  await expect(open(server)).rejects.toThrow("ECONNREFUSED");
});
