import { once } from "node:events";
import net from "node:net";
import { describe, expect, onTestFinished } from "vitest";
import { outgoingRequest, type ResponseInput } from "../../harness/src/message.ts";
import { UpstreamGroup } from "../../harness/src/upstreams/group.ts";
import type { UpstreamFault } from "../../harness/src/upstream.ts";
import { test } from "./protocols-fixture.ts";

const get = outgoingRequest({});

type Fault = [title: string, fault: UpstreamFault, overHttp1: RegExp, overHttp2: RegExp];

const faults: Fault[] = [
  ["refuses", { fault: "refuse" }, /before a response: socket hang up/, /before a response: .*closed/],
  [
    "resets before an answer",
    { fault: "reset", after: null },
    /before a response: .*ECONNRESET/,
    /INTERNAL_ERROR/,
  ],
  [
    "resets amid an answer",
    { fault: "reset" },
    /cut short: status 200, then 11 of 100 bytes/,
    /cut short: status 200, then 11 bytes .*INTERNAL_ERROR/,
  ],
  [
    "resets after a part of its own",
    { fault: "reset", after: { status: 206, body: ["a", "bc"] }, streamError: "ENHANCE_YOUR_CALM" },
    /cut short: status 206, then 3 bytes/,
    /cut short: status 206, then 3 bytes .*ENHANCE_YOUR_CALM/,
  ],
  [
    "refuses a stream",
    { fault: "reset", after: null, streamError: "REFUSED_STREAM" },
    /before a response/,
    /before a response: .*REFUSED_STREAM/,
  ],
];

describe.each(["h1", "h2"] as const)("over %s an upstream", (protocol) => {
  test.for(faults)("%s", async ([, fault, overHttp1, overHttp2], { client, serve, upstream }) => {
    const { port } = await serve();
    upstream.respond(fault);

    const message = protocol === "h1" ? overHttp1 : overHttp2;
    await expect(client(protocol, { port }).send(get)).rejects.toThrow(message);
  });

  test("recovers from each fault", async ({ client, serve, upstream }) => {
    const { port } = await serve();
    const connected = client(protocol, { port });
    for (const [, fault] of faults) {
      upstream.respond(fault);
      await expect(connected.send(get)).rejects.toThrow();
    }
    upstream.respond({ body: "again" });

    expect((await connected.send(get)).text()).toBe("again");
  });

  test("stays silent until the client gives up", async ({ client, serve, upstream }) => {
    const { port } = await serve();
    const asked = Promise.withResolvers<null>();
    upstream.respond(() => {
      asked.resolve(null);
      return { fault: "silence" };
    });
    const given = new AbortController();
    const refused = expect(client(protocol, { port }).send(get, given.signal)).rejects.toThrow(
      "before a response",
    );

    await asked.promise;
    given.abort();

    await refused;
  });

  test("holds requests until its gate is released", async ({ client, serve, upstream }) => {
    const server = await serve();
    const gate = upstream.hold();
    const order: string[] = [];
    const connected = client(protocol, server);
    const both = [1, 2].map(() => connected.send(get).then(() => order.push("answered")));
    await gate.arrived(2);

    order.push("released");
    gate.release();
    await Promise.all(both);

    expect(order).toEqual(["released", "answered", "answered"]);
    expect(gate.count).toBe(2);
    expect(server.connections).toHaveLength(protocol === "h2" ? 1 : 2); // HTTP/2 carries both at once
    await expect(connected.send(get)).resolves.toMatchObject({ status: 200 });
  });

  test("sends a body while it comes", async ({ client, serve, upstream }) => {
    const { port } = await serve();
    const begun = Promise.withResolvers<null>();
    const rest = Promise.withResolvers<string>();
    upstream.respond({ body: pieces(begun, rest.promise), trailers: { "x-t": "1" } });
    const sending = client(protocol, { port }).send(get);
    await begun.promise;

    rest.resolve("second");

    const response = await sending;
    expect(response.text()).toBe("first second");
    expect(response.headers.has("content-length")).toBe(false);
    expect(response.trailers.get("x-t")).toBe("1");
  });

  test("whose handler throws breaks off, and says so afterwards", async ({ client, serve, upstream }) => {
    const server = await serve();
    upstream.respond(() => {
      throw new Error("out of order");
    });

    await expect(client(protocol, { port: server.port }).send(get)).rejects.toThrow("before a response");

    expect(() => server.refuseFailure()).toThrow("the upstream's handler threw: out of order");
    expect(() => server.refuseFailure()).not.toThrow();
  });

  test("closes its port, breaks off what it has, and opens the same port again", async ({
    client,
    serve,
  }) => {
    const server = await serve();
    const connected = client(protocol, { port: server.port });
    await connected.send(get);

    server.closePort();
    connected.reconnect();
    await expect(connected.send(get)).rejects.toThrow("ECONNREFUSED");
    await server.openPort();

    await expect(connected.send(get)).resolves.toMatchObject({ status: 200 });
    expect(server.connections).toHaveLength(2);
  });

  test("drops its connections and takes new ones", async ({ client, serve, upstream }) => {
    const server = await serve();
    const connected = client(protocol, { port: server.port });
    const gate = upstream.hold();
    const refused = expect(connected.send(get)).rejects.toThrow("before a response");
    await gate.arrived();

    server.dropConnections();
    await refused;
    gate.release();

    await expect(connected.send(get)).resolves.toMatchObject({ status: 200 });
  });

  test("answers health checks as it is told, apart from requests", async ({ client, serve, upstream }) => {
    const { port } = await serve();
    const connected = client(protocol, { port });
    const check = outgoingRequest({ path: "/healthz", headers: { "user-agent": "Envoy/HC" } });
    const statuses = [(await connected.send(check)).status];

    upstream.health.fail();
    statuses.push((await connected.send(check)).status);
    upstream.health.fail(429);
    statuses.push((await connected.send(check)).status);
    upstream.health.pass();
    statuses.push((await connected.send(check)).status);

    await upstream.health.checked(4);
    expect(statuses).toEqual([200, 503, 429, 200]);
    expect(upstream.requests).toEqual([]);
  });
});

async function* pieces(
  begun: PromiseWithResolvers<null>,
  rest: Promise<string>,
): AsyncGenerator<string, void> {
  yield "first ";
  begun.resolve(null);
  yield await rest;
}

test("the embedded backend gets a streamed body as a whole, and a reset before an answer as a refusal", async ({
  upstream,
}) => {
  const request = { ...outgoingRequest({}), body: new Uint8Array() };
  const begun = Promise.withResolvers<null>();
  const reactions: Array<ResponseInput | UpstreamFault> = [
    { body: pieces(begun, Promise.resolve("second")) },
    { fault: "reset", after: null },
    { fault: "reset", after: {} },
  ];
  const handled: object[] = [];
  for (const reaction of reactions) {
    upstream.respond(reaction);
    handled.push(await upstream.handle(request));
  }

  const chunks = ["first ", "second"].map((text) => new TextEncoder().encode(text));
  expect(handled).toMatchObject([{ chunks }, { fault: "refuse" }, { fault: "reset" }]);
});

test("the endpoints of a group count their own requests, and say who they are", async ({ client, serve }) => {
  const group = new UpstreamGroup(3);
  const ports = await Promise.all(group.upstreams.map(async (upstream) => (await serve({}, upstream)).port));
  const [first = 0, , third = 0] = ports;

  const answers = [];
  for (const port of [third, first, third]) answers.push(await client("h1", { port }).send(get));

  expect(answers.map(({ headers }) => headers.get("x-endpoint"))).toEqual(["2", "0", "2"]);
  expect(group.counts).toEqual([1, 0, 2]);
});

test("a port that somebody else holds is refused with its number", async ({ serve }) => {
  const { port } = await serve();

  const refused = serve({ port });

  const message = `port ${port} of 127.0.0.1 is in use: name another one, or none`;
  await expect(refused).rejects.toMatchObject({ code: "port_in_use", message });
});

test.for([
  ["the method of a request", ["P", "U", "T / HTTP/1.1\r\nhost: a\r\n\r\n"], "HTTP/1.1 200"],
  ["the preface of HTTP/2", ["PRI", " * HTTP/2.0\r\n", "\r\nSM\r\n\r\n"], "\0\0"],
] as const)("%s that comes in pieces is understood", async ([, pieces, start], { serve }) => {
  const socket = net.connect((await serve()).port, "127.0.0.1");
  socket.setNoDelay(true);
  onTestFinished(() => void socket.destroy());

  for (const piece of pieces)
    await new Promise<void>((resolve) => socket.write(piece, () => setImmediate(resolve)));

  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString("latin1").slice(0, start.length)).toBe(start);
});

test("a server that is disposed of leaves no port, whatever is open", async ({ client, serve, upstream }) => {
  const server = await serve();
  const gate = upstream.hold();
  const refused = expect(client("h2", { port: server.port }).send(get)).rejects.toThrow();
  await gate.arrived();

  await server[Symbol.asyncDispose]();

  await refused;
  const socket = net.connect(server.port, "127.0.0.1");
  await expect(new Promise((_resolve, reject) => socket.once("error", reject))).rejects.toThrow(
    "ECONNREFUSED",
  );
});
