import { expect } from "vitest";
import { createAuthority } from "../../harness/src/certificates/authority.ts";
import { GrpcClient } from "../../harness/src/clients/grpc-client.ts";
import type { ClientTls } from "../../harness/src/clients/target.ts";
import { openWebSocket } from "../../harness/src/clients/web-socket-client.ts";
import { GrpcServer } from "../../harness/src/envoy/grpc-server.ts";
import { GrpcUpstream } from "../../harness/src/grpc/upstream.ts";
import { HeaderList } from "../../harness/src/header-list.ts";
import { outgoingRequest } from "../../harness/src/message.ts";
import { answer, cluster, httpManager, mtlsChain, routeTo, tcpListener } from "./protocol-bootstrap.ts";
import { clientName, proxyName, test } from "./protocol-envoy.ts";

test("HTTP/2 goes over mTLS to a listener, and over mTLS to an upstream", async ({
  authority,
  client,
  clientTls,
  envoy,
  proxySide,
  serve,
  upstream,
}) => {
  const identity = await authority.issue({ dns: ["service.internal"] });
  const server = await serve({ tls: { identity, clientAuthority: authority.certificate } });
  const chain = mtlsChain("api.example", proxySide, [httpManager(routeTo("service"))]);
  const service = cluster("service", { port: server.port, isHttp2: true, tls: proxySide });
  const portOf = await envoy([tcpListener("proxy", [chain])], [service]);
  upstream.respond({ body: "secret", trailers: { "x-t": "1" } });
  const connected = client("h2", { port: await portOf("proxy"), tls: clientTls });

  const response = await connected.send(
    outgoingRequest({ method: "POST", body: "a", trailers: { "x-u": "2" } }),
  );

  expect(response.text()).toBe("secret");
  expect(response.trailers.get("x-t")).toBe("1");
  expect(connected.tls).toMatchObject({ alpn: "h2", peer: { dns: ["api.example"], uris: [proxyName] } });
  const accepted = { alpn: "h2", serverName: "service.internal", peer: { uris: [proxyName] } };
  expect(server.connections).toMatchObject([{ protocol: "h2", tls: accepted }]);
  const [request] = upstream.requests;
  expect(request?.trailers.get("x-u")).toBe("2");
  expect(request?.headers.get("x-forwarded-client-cert")).toContain(`URI=${clientName}`);
});

test("the name that a client asks for chooses the filter chain, and ALPN the protocol", async ({
  client,
  clientTls,
  envoy,
  proxySide,
}) => {
  const chains = (
    [
      ["api.example", 201],
      ["other.example", 202],
    ] as const
  ).map(([name, status]) => mtlsChain(name, proxySide, [httpManager(answer(status))]));
  const port = await (await envoy([tcpListener("proxy", chains)], []))("proxy");
  const statusFor = async (protocol: "h1" | "h2", tls: ClientTls): Promise<unknown> => {
    const connected = client(protocol, { port, tls });
    const { status } = await connected.send(outgoingRequest({}));
    return [status, connected.tls?.alpn];
  };

  expect(await statusFor("h2", clientTls)).toEqual([201, "h2"]);
  expect(await statusFor("h1", clientTls)).toEqual([201, "http/1.1"]);
  expect(await statusFor("h2", { ...clientTls, serverName: "other.example", verify: "authority" })).toEqual([
    202,
    "h2",
  ]);
});

test("Envoy's reason for refusing a client's certificate is said", async ({
  authority,
  client,
  envoy,
  proxySide,
}) => {
  const stranger = await createAuthority();
  const chain = mtlsChain("api.example", proxySide, [httpManager(answer(200))]);
  const port = await (await envoy([tcpListener("proxy", [chain])], []))("proxy");
  const trusting: ClientTls = { authority: authority.certificate, serverName: "api.example" };
  const identities = [
    [trusting, "certificate required"],
    [{ ...trusting, identity: await authority.issue({ validity: "expired" }) }, "certificate expired"],
    [{ ...trusting, identity: await authority.issue({ validity: "not_yet_valid" }) }, "certificate expired"],
    [{ ...trusting, identity: await stranger.issue() }, "unknown ca"],
  ] as const;

  for (const [tls, reason] of identities) {
    for (const protocol of ["h1", "h2"] as const) {
      const refused = client(protocol, { port, tls }).send(outgoingRequest({}));
      const message = expect.stringContaining(reason);
      await expect.soft(refused).rejects.toMatchObject({ code: "tls_refused", message });
    }
  }
});

test("an upstream whose certificate Envoy does not take has a refused handshake, and the client a 503", async ({
  client,
  envoy,
  proxySide,
  serve,
}) => {
  const stranger = await createAuthority();
  const server = await serve({ tls: { identity: await stranger.issue({ dns: ["service.internal"] }) } });
  const listener = tcpListener("proxy", [{ filters: [httpManager(routeTo("service"))] }]);
  const portOf = await envoy([listener], [cluster("service", { port: server.port, tls: proxySide })]);

  const response = await client("h1", { port: await portOf("proxy") }).send(outgoingRequest({}));

  expect(response.status).toBe(503);
  expect(response.text()).toContain("reset before headers");
  expect(server.refusedHandshakes).toEqual(["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"]);
});

test("a WebSocket goes through, and is refused as the upstream refuses it", async ({
  envoy,
  serve,
  upstream,
}) => {
  const { port } = await serve();
  const listener = tcpListener("proxy", [{ filters: [httpManager(routeTo("service"))] }]);
  const portOf = await envoy([listener], [cluster("service", { port })]);
  const target = { port: await portOf("proxy") };
  const request = { path: "/chat", authority: "chat.example", headers: new HeaderList(), protocols: [] };

  upstream.respond({ status: 403 });
  const refused = await openWebSocket(target, request);
  upstream.webSocket(async (socket) => {
    for await (const message of socket.messages) await socket.send(`${String(message)}!`);
  });
  const { socket } = await openWebSocket(target, request);
  await socket.send("hello");

  expect(refused.response.status).toBe(403);
  expect(await socket.receive()).toBe("hello!");
  expect(await socket.close()).toMatchObject({ code: 1000 });
});

test("gRPC goes through, unary and in streams, with its deadline", async ({ envoy }) => {
  const service = new GrpcUpstream();
  await using server = await GrpcServer.start(service);
  service.unary("/chat.Chat/Say", { message: "one", metadata: { "x-last": "1" } });
  service.stream("/chat.Chat/Talk", async function* (call) {
    for await (const message of call.messages) yield message;
    return { status: 9, statusMessage: "enough" };
  });
  const listener = tcpListener("proxy", [{ filters: [httpManager(routeTo("grpc"))] }]);
  const portOf = await envoy([listener], [cluster("grpc", { port: server.port, isHttp2: true })]);
  using client = new GrpcClient({ port: await portOf("proxy") });

  const reply = await client.unary("/chat.Chat/Say", "a", { deadlineMs: 10_000 });
  const call = client.stream("/chat.Chat/Talk");
  for (const message of ["x", "y"]) {
    await call.send(message);
    expect(Buffer.from(await call.receive()).toString()).toBe(message);
  }
  await call.end();

  expect(Buffer.from(reply.message).toString()).toBe("one");
  expect(reply.metadata.get("x-last")).toBe("1");
  expect(service.calls[0]?.metadata.get("grpc-timeout")).toBe(null); // it belongs to gRPC, not to the service
  expect(await call.ended).toMatchObject({ status: 9, statusMessage: "enough" });
});
