import { expect } from "vitest";
import { createAuthority } from "../../harness/src/certificates/authority.ts";
import type { RequestClient } from "../../harness/src/clients/request-client.ts";
import { HeaderList } from "../../harness/src/header-list.ts";
import { findHttp3, requireHttp3 } from "../../harness/src/http3/program.ts";
import { outgoingRequest, type RequestInput, type ResponseInput } from "../../harness/src/message.ts";
import { cluster, httpManager, quicListener, routeTo } from "./protocol-bootstrap.ts";
import { clientName, test as base } from "./protocol-envoy.ts";
import { isCi } from "./requires-ci.ts";

interface Http3Fixtures {
  /** Where Envoy listens for HTTP/3, with the test's upstream behind it. */
  port: number;
  connected: RequestClient;
}

const test = base
  .extend("http3", { auto: true }, async ({ skip }) => {
    const found = isCi ? await requireHttp3() : await findHttp3();
    if (found === null) skip("no HTTP/3 client on this machine: npx proxy-wasm fetch-http3");
  })
  .extend<Http3Fixtures>({
    port: async ({ envoy, proxySide, serve }, use) => {
      const listener = quicListener("proxy", proxySide, [httpManager(routeTo("service"), "HTTP3")]);
      const portOf = await envoy([listener], [cluster("service", { port: (await serve()).port })]);
      await use(await portOf("proxy"));
    },
    connected: async ({ client, clientTls, port }, use) => use(client("h3", { port, tls: clientTls })),
  });

const fields = (list: HeaderList): string[][] =>
  [...list].map(([name, value]) => [name, Buffer.from(value).toString("latin1")]);

test("requests and responses arrive as they were sent", async ({ connected, upstream }) => {
  const exchanges: Array<[RequestInput, ResponseInput]> = [
    [{ method: "PATCH", path: "/a?b=%20&c", authority: "api.example:81" }, { status: 418 }],
    [{ method: "POST", body: "hello" }, { body: "world" }],
    [
      { method: "POST", body: ["hel", "lo"], trailers: { "x-t": "1" } },
      { body: ["wor", "ld"], trailers: { "x-t": "2" } },
    ],
    [{ body: new Uint8Array(200_000).fill(1) }, { body: new Uint8Array(200_000).fill(2) }],
  ];
  for (const [input, answer] of exchanges) {
    upstream.respond(answer);
    const sent = outgoingRequest(input);

    const response = await connected.send(sent);

    const { method, path, authority, body, trailers } =
      upstream.requests.at(-1) ?? expect.fail("nothing arrived");
    expect({ method, path, authority }).toEqual({
      method: sent.method,
      path: sent.path,
      authority: sent.authority,
    });
    expect(Buffer.from(body).equals(Buffer.concat(sent.chunks))).toBe(true);
    expect(fields(trailers)).toEqual(fields(sent.trailers));
    expect(response.status).toBe(answer.status ?? 200);
    expect(
      Buffer.from(response.body).equals(Buffer.concat(outgoingRequest(answer as RequestInput).chunks)),
    ).toBe(true);
    expect(fields(response.trailers)).toEqual(fields(HeaderList.from(answer.trailers)));
  }
});

const ours = (list: HeaderList | undefined): string[][] =>
  fields(list ?? new HeaderList()).filter(([name]) => name === "x-a" || name === "x-b");

test("repeated fields keep their order; in a response Envoy puts those of one name together", async ({
  connected,
  upstream,
}) => {
  const headers = [
    ["x-a", "1"],
    ["x-b", ""],
    ["x-a", "2"],
  ] as const;
  upstream.respond({ headers });

  const response = await connected.send(outgoingRequest({ headers }));

  expect(ours(upstream.requests[0]?.headers)).toEqual(headers);
  expect(ours(response.headers)).toEqual([headers[0], headers[2], headers[1]]);
});

test("a byte above 0x7f comes back in a response, and closes the connection in a request", async ({
  connected,
  upstream,
}) => {
  const headers = { "x-a": new Uint8Array([0xff]) };
  upstream.respond({ headers });

  expect(ours((await connected.send(outgoingRequest({}))).headers)).toEqual([["x-a", "\xff"]]);

  const message = expect.stringContaining("invalid_header_field");
  await expect(connected.send(outgoingRequest({ headers }))).rejects.toMatchObject({
    code: "internal",
    message,
  });
  await expect(connected.send(outgoingRequest({}))).resolves.toMatchObject({ status: 200 });
});

test("the handshake shows the protocol and the proxy's certificate", async ({ connected }) => {
  expect(connected.tls).toBeNull();

  await connected.send(outgoingRequest({}));

  const peer = { dns: ["api.example"], issuer: "test authority" };
  expect(connected.tls).toMatchObject({ version: "TLSv1.3", alpn: "h3", serverName: "api.example", peer });
});

test("the client's certificate reaches Envoy, and a client without one is refused", async ({
  client,
  clientTls,
  connected,
  port,
  upstream,
}) => {
  await connected.send(outgoingRequest({}));
  const { authority = "", serverName = "" } = clientTls;

  const refused = client("h3", { port, tls: { authority, serverName } }).send(outgoingRequest({}));

  await expect(refused).rejects.toMatchObject({ code: "tls_refused" });
  expect(upstream.requests[0]?.headers.get("x-forwarded-client-cert")).toContain(`URI=${clientName}`);
});

test("a certificate of a stranger is refused, and taken when nothing is looked at", async ({
  client,
  clientTls,
  port,
}) => {
  const { certificate } = await createAuthority();
  const tls = { ...clientTls, authority: certificate };

  const refused = client("h3", { port, tls }).send(outgoingRequest({}));
  await expect(refused).rejects.toMatchObject({ code: "tls_refused" });

  const careless = client("h3", { port, tls: { ...tls, verify: "nothing" } });
  await expect(careless.send(outgoingRequest({}))).resolves.toMatchObject({ status: 200 });
});

test("requests on one connection do not wait for one another", async ({ connected, upstream }) => {
  const gate = upstream.hold();
  const held = connected.send(outgoingRequest({ path: "/held" }));
  await gate.arrived();
  upstream.hold().release();

  const overtaking = await connected.send(outgoingRequest({ path: "/overtakes" }));
  gate.release();

  expect(overtaking.status).toBe(200);
  expect((await held).status).toBe(200);
});

test("a request that is given up is refused, and the next one goes through", async ({
  connected,
  upstream,
}) => {
  const gate = upstream.hold();
  const given = new AbortController();
  const refused = expect(connected.send(outgoingRequest({}), given.signal)).rejects.toThrow(
    "the request was given up",
  );
  await gate.arrived();

  given.abort();
  await refused;
  gate.release();

  expect((await connected.send(outgoingRequest({}))).status).toBe(200);
});

test("a response that breaks off says how far it got", async ({ connected, upstream }) => {
  upstream.respond({ fault: "reset" });

  const refused = connected.send(outgoingRequest({}));

  await expect(refused).rejects.toThrow(/cut short: status 200, then 11 bytes .*the stream was reset/);
});

test("a port on which nobody listens is refused", async ({ client, clientTls, serve }) => {
  const { port } = await serve(); // a port of TCP; the one of UDP with its number is free, or nobody's who speaks QUIC

  const refused = client("h3", { port, tls: clientTls }).send(outgoingRequest({}));

  await expect(refused).rejects.toThrow("refused");
});

test.for([
  [
    "a name that is none",
    { headers: { "a b": "1" } },
    "invalid_input",
    'GET / cannot be sent over HTTP/3: "a b" is no name of a field',
  ],
  [
    "METADATA",
    { metadata: { a: "1" } },
    "unsupported",
    "METADATA is a frame of HTTP/2, which HTTP/3 lacks: leave it out",
  ],
] as const)("%s is refused", async ([, input, code, message], { client }) => {
  const refused = client("h3", { port: 1 }).send(outgoingRequest(input));

  await expect(refused).rejects.toMatchObject({ code, message });
});

test("to leave only the name out is refused", ({ client }) => {
  expect(() => client("h3", { port: 1, tls: { verify: "authority" } })).toThrow(
    "cannot leave only the name out",
  );
});
