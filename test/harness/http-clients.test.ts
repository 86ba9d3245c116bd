import { describe, expect } from "vitest";
import type { ClientProtocol } from "../../harness/src/clients/request-clients.ts";
import { HeaderList } from "../../harness/src/header-list.ts";
import { outgoingRequest, type RequestInput, type ResponseInput } from "../../harness/src/message.ts";
import { test } from "./protocols-fixture.ts";

const bytes = new Uint8Array([0xff, 0x20, 0x80]);
const wires: Array<[name: string, protocol: ClientProtocol, isSecured: boolean]> = [
  ["HTTP/1.1", "h1", false],
  ["HTTP/1.1 over TLS", "h1", true],
  ["HTTP/2", "h2", false],
  ["HTTP/2 over TLS", "h2", true],
];

const fields = (list: HeaderList): string[][] =>
  [...list].map(([name, value]) => [name, Buffer.from(value).toString("latin1")]);

const requests: Array<[title: string, request: RequestInput, seen: object]> = [
  ["a method and a target", { method: "PATCH", path: "/a?b=%20&c" }, { method: "PATCH", path: "/a?b=%20&c" }],
  ["an authority", { authority: "api.example:81" }, { authority: "api.example:81" }],
  ["a body in one piece", { method: "POST", body: "hello" }, { body: "hello" }],
  ["a body in pieces", { method: "POST", body: ["hel", "lo"] }, { body: "hello" }],
  [
    "a body and trailers",
    {
      method: "POST",
      body: "a",
      trailers: [
        ["x-t", "1"],
        ["x-t", bytes],
      ],
    },
    {
      body: "a",
      trailers: [
        ["x-t", "1"],
        ["x-t", "\xff\x20\x80"],
      ],
    },
  ],
];

/** What a client says of it. */
// prettier-ignore
const unsendable: Array<[title: string, request: RequestInput, code: string, told: Record<"h1" | "h2", RegExp>]> = [
  ["a name that is none", { headers: { "a b": "1" } }, "invalid_input", {
    h1: /^header "a b": "1" cannot be sent over HTTP\/1\.1; a name is a token, and a value has no NUL, CR, LF or other control character$/,
    h2: /^GET \/ cannot be sent over HTTP\/2: .*"a b"/,
  }],
  ["METADATA", { metadata: { a: "1" } }, "unsupported", {
    h1: /^METADATA is a frame of HTTP\/2, which HTTP\/1\.1 lacks: leave it out$/,
    h2: /^this HTTP\/2 client has no METADATA frames: leave metadata out$/,
  }],
];

const responses: Array<[title: string, response: ResponseInput, seen: object]> = [
  ["a status", { status: 418 }, { status: 418 }],
  ["no content", { status: 204 }, { status: 204, body: "" }],
  ["a body in one piece", { body: "hello" }, { body: "hello" }],
  ["a body in pieces", { body: ["hel", "lo"] }, { body: "hello" }],
  [
    "trailers after a body",
    {
      body: "a",
      trailers: [
        ["x-t", "1"],
        ["x-t", bytes],
      ],
    },
    {
      body: "a",
      trailers: [
        ["x-t", "1"],
        ["x-t", "\xff\x20\x80"],
      ],
    },
  ],
  ["trailers without a body", { trailers: { "x-t": "1" } }, { body: "", trailers: [["x-t", "1"]] }],
];

describe.each(wires)("over %s", (_name, protocol, isSecured) => {
  const it = test.extend("connected", async ({ authority, serve, client }) => {
    const identity = await authority.issue({ ips: ["127.0.0.1"] });
    const { port } = await serve(isSecured ? { tls: { identity } } : {});
    return client(protocol, { port, ...(isSecured ? { tls: { authority: authority.certificate } } : {}) });
  });

  it.for(requests)("%s arrives as it was sent", async ([, input, seen], { connected, upstream }) => {
    await connected.send(outgoingRequest(input));

    const [{ body, trailers, ...line } = expect.fail("nothing arrived")] = upstream.requests;
    expect({ ...line, body: Buffer.from(body).toString(), trailers: fields(trailers) }).toMatchObject(seen);
  });

  it.for(responses)("%s comes back as it was answered", async ([, answer, seen], { connected, upstream }) => {
    upstream.respond(answer);

    const { body, trailers, ...line } = await connected.send(outgoingRequest({}));

    expect({ ...line, body: Buffer.from(body).toString(), trailers: fields(trailers) }).toMatchObject(seen);
  });

  it("repeated fields keep their order among the others, and their bytes", async ({
    connected,
    upstream,
  }) => {
    const headers = [
      ["x-a", "1"],
      ["x-b", bytes],
      ["x-a", "2"],
    ] as const;
    upstream.respond({ headers });

    const response = await connected.send(outgoingRequest({ headers }));

    const seen = [
      ["x-a", "1"],
      ["x-b", "\xff\x20\x80"],
      ["x-a", "2"],
    ];
    const [request = expect.fail("nothing arrived")] = upstream.requests;
    expect(fields(request.headers).slice(0, 3)).toEqual(seen);
    expect(fields(response.headers).slice(0, 3)).toEqual(seen);
  });

  it("one connection carries one request after the other, until the client is told to reconnect", async ({
    client,
    serve,
    upstream,
  }) => {
    const server = await serve();
    const kept = client(protocol, { port: server.port });

    for (let i = 0; i < 2; i++) await kept.send(outgoingRequest({}));
    expect(server.connections).toMatchObject([{ protocol, tls: null }]);
    kept.reconnect();
    await kept.send(outgoingRequest({}));

    expect(server.connections).toHaveLength(2);
    expect(upstream.requests).toHaveLength(3);
  });

  it.for(unsendable)("%s is refused, and the next request goes through", async (refusal, { connected }) => {
    const [, input, code, told] = refusal;
    const message = expect.stringMatching(told[protocol === "h1" ? "h1" : "h2"]) as string;

    await expect(connected.send(outgoingRequest(input))).rejects.toMatchObject({ code, message });
    await expect(connected.send(outgoingRequest({}))).resolves.toMatchObject({ status: 200 });
  });

  it("a request that is given up is refused", async ({ connected, upstream }) => {
    using gate = upstream.hold();
    const given = new AbortController();

    const sending = connected.send(outgoingRequest({}), given.signal);
    const refused = expect(sending).rejects.toThrow(/before a response/);
    await gate.arrived();
    given.abort();

    await refused;
  });
});

test("HTTP/1.1 says of a value and a path what it cannot send", async ({ client }) => {
  const wire = client("h1", { port: 1 });
  const value = wire.send(outgoingRequest({ headers: { a: "1\n" } }));
  const target = wire.send(outgoingRequest({ path: "/a b" }));

  await expect(value).rejects.toThrow('header "a": "1\\n" cannot be sent over HTTP/1.1; a name is a token');
  await expect(target).rejects.toThrow(
    'GET "/a b" cannot be sent over HTTP/1.1: a path has no space, CR, LF or other control character; escape it, as %20',
  );
});

test("an upstream that is to send METADATA says what the test has to say", async ({
  client,
  serve,
  upstream,
}) => {
  upstream.respond({ metadata: { a: "1" } });
  const server = await serve();

  await expect(client("h1", { port: server.port }).send(outgoingRequest({}))).rejects.toThrow();

  expect(() => server.refuseFailure()).toThrow(
    'METADATA is a frame of HTTP/2 that this upstream cannot send: let the test say needs: ["http2-metadata"]',
  );
});

test("HTTP/2 to a port that closes is refused with how far it got", async ({ client, serve, upstream }) => {
  const server = await serve();
  using gate = upstream.hold();
  const sending = client("h2", { port: server.port }).send(outgoingRequest({}));
  const refused = expect(sending).rejects.toThrow("the connection ended before a response");
  await gate.arrived();

  server.closePort();

  await refused;
});
