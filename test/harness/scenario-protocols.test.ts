import { GrpcUpstream } from "proxy-wasm-harness";
import { cidr, cluster, endpoint, listener, route } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { ProxyProtocolSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/listener/proxy_protocol/v3/proxy_protocol";
import { any } from "proxy-wasm-harness";
import { findHttp3 } from "../../harness/src/http3/program.ts";
import { echoingScenario, echoOf, identityOf, ours, testAuthority } from "./scenario-fixture.ts";
import { isCi } from "./requires-ci.ts";

const test = scenarioTest();
const inCleartext = { httpFilters: [ours()], routes: [route("/", "service")] };

/** What a client trusts and asks for. */
const trusting = async (serverName = "api.example") => ({
  authority: (await testAuthority()).certificate,
  serverName,
});

test.for([
  ["h1", "h1"],
  ["h1", "h2"],
  ["h2", "h1"],
  ["h2", "h2"],
] as const)(
  "%s comes in, %s goes out, and trailers go both ways",
  async ([protocol, out], { start, upstream }) => {
    upstream.respond({ body: ["a", "b"], trailers: { "x-t": "1" } });
    const mesh = await start({
      listeners: [listener("in", inCleartext)],
      clusters: [cluster("service", upstream, { protocol: out })],
    });

    const response = await mesh.post("in", "/", { protocol, body: ["c", "d"], trailers: { "x-u": "2" } });

    expect(response).toHaveHeader("x-echo", "ours");
    expect([response.text(), response.trailers.get("x-t")]).toEqual(["ab", "1"]);
    expect(upstream.requests[0]?.trailers.get("x-u")).toBe("2");
    expect(mesh.server(upstream).connections).toMatchObject([{ protocol: out }]);
  },
);

test.for(["h1", "h2", "h3"] as const)("%s comes in over TLS", async (protocol, { skip, start, upstream }) => {
  if (protocol === "h3" && !isCi && (await findHttp3()) === null)
    skip("no HTTP/3 client on this machine: npx proxy-wasm fetch-http3");
  const tls = { identity: await identityOf("api.example") };
  const mesh = await start({
    listeners: [listener("in", { ...inCleartext, tls, quic: protocol === "h3" })],
    clusters: [cluster("service", upstream)],
  });

  const response = await mesh.get("in", "/", { protocol, tls: await trusting() });
  await mesh.settled();

  expect(response).toHaveHeader("x-echo", "ours");
  const number = { h1: 1, h2: 2, h3: 3 }[protocol];
  expect(mesh.stats).toHaveCounter(`http.in.downstream_rq_http${number}_total`, 1);
});

test("mTLS shows who the client is, upstream and downstream", async ({ start, upstream }) => {
  const { certificate } = await testAuthority();
  const [client, proxy] = ["spiffe://cluster.local/sa/client", "spiffe://cluster.local/sa/proxy"];
  const serverTls = { identity: await identityOf("service.internal"), clientAuthority: certificate };
  const mesh = await start({
    listeners: [
      listener("in", {
        ...inCleartext,
        tls: { identity: await identityOf("api.example"), clientAuthority: certificate },
      }),
    ],
    clusters: [
      cluster("service", endpoint(upstream, { tls: serverTls }), {
        protocol: "h2",
        tls: { authority: certificate, serverName: "service.internal", identity: await identityOf(proxy) },
      }),
    ],
  });

  const known = await mesh.get("in", "/", {
    protocol: "h2",
    tls: { ...(await trusting()), identity: await identityOf(client) },
  });
  const unknown = mesh.get("in", "/", { protocol: "h1", tls: await trusting() });

  await expect(unknown).rejects.toMatchObject({ code: "tls_refused" });
  expect(known).toHaveStatus(200);
  const accepted = { alpn: "h2", serverName: "service.internal", peer: { uris: [proxy] } };
  expect(mesh.server(upstream).connections).toMatchObject([{ protocol: "h2", tls: accepted }]);
});

test("a certificate that comes over SDS is replaced while the listener serves", async ({ start }) => {
  const mesh = await start({
    listeners: [listener("in", { routes: [route("/", 204)], tls: { identity: "server" } })],
    secrets: { server: await identityOf("old.example") },
  });
  const old = await mesh.get("in", "/", { tls: await trusting("old.example") });

  await mesh.update({ secrets: { server: await identityOf("new.example") } });

  expect(old).toHaveStatus(204);
  expect(await mesh.get("in", "/", { tls: await trusting("new.example") })).toHaveStatus(204);
});

test("a server whose certificate has another name is not spoken to", async ({ start, upstream }) => {
  const mesh = await start({
    listeners: [listener("in", inCleartext)],
    clusters: [
      cluster("service", endpoint(upstream, { tls: { identity: await identityOf("other.example") } }), {
        tls: { authority: (await testAuthority()).certificate, serverName: "service.internal" },
      }),
    ],
  });

  const response = await mesh.get("in", "/");
  await mesh.settled();

  expect(response).toHaveStatus(503);
  expect(mesh.stats).toHaveCounter("cluster.service.ssl.fail_verify_san", 1);
  expect(upstream.requests).toEqual([]);
});

/** A chain that answers with a status, through a filter of ours. */
const answers = (status: number) => ({ httpFilters: [ours()], routes: [route("/", status)] });

test("SNI and ALPN choose the filter chain", async ({ start }) => {
  const chain = async (name: string, status: number, applicationProtocols: string[] = []) => ({
    ...answers(status),
    match: { serverNames: [name], applicationProtocols },
    tls: { identity: await identityOf(name) },
  });
  const filterChains = [
    await chain("a.example", 201),
    await chain("b.example", 202),
    await chain("b.example", 203, ["h2"]),
  ];
  const mesh = await start({ listeners: [listener("in", { filterChains })] });
  const statusFor = async (protocol: "h1" | "h2", name: string): Promise<number> =>
    (await mesh.get("in", "/", { protocol, tls: await trusting(name) })).status;

  expect(await statusFor("h1", "a.example")).toBe(201);
  expect(await statusFor("h1", "b.example")).toBe(202);
  expect(await statusFor("h2", "b.example")).toBe(203);
});

test("the source address chooses the filter chain", async ({ skip, start }) => {
  const filterChains = [
    { ...answers(201), match: { sourcePrefixRanges: [cidr("127.0.0.2/32")] } },
    answers(202),
  ];
  const mesh = await start({ listeners: [listener("in", { filterChains })] });
  if (mesh.backend === "container") skip("clients of a container do not come from loopback");

  expect(await mesh.get("in", "/", { localAddress: "127.0.0.2" })).toHaveStatus(201);
  expect(await mesh.get("in", "/", { localAddress: "127.0.0.3" })).toHaveStatus(202);
});

test("the destination port chooses the filter chain, as the PROXY protocol has it", async ({ start }) => {
  const filterChains = [{ ...answers(201), match: { destinationPort: 8443 } }, answers(202)];
  const listenerFilters = [any(ProxyProtocolSchema)];
  const mesh = await start({ listeners: [listener("in", { filterChains, listenerFilters })] });
  const statusAt = async (port: number): Promise<string> => {
    const connection = await mesh.connect("in");
    await connection.send(`PROXY TCP4 127.0.0.1 127.0.0.1 4000 ${port}\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n`);
    const status = Buffer.from(await connection.receiveUntil("\r\n")).toString();
    await connection.reset();
    return status;
  };

  expect(await statusAt(8443)).toContain("201");
  expect(await statusAt(8080)).toContain("202");
  await mesh.settled(); // does not wait for connections of HTTP, which nobody logs
});

test("gRPC streams through a filter of ours, over HTTP/2 to its service by itself", async ({ start }) => {
  const service = new GrpcUpstream();
  service.stream("/chat.Chat/Talk", async function* (call) {
    for await (const message of call.messages) yield message;
    return { status: 9, statusMessage: "enough" };
  });
  const mesh = await start({
    listeners: [listener("in", inCleartext)],
    clusters: [cluster("service", service)],
  });
  const call = (await mesh.grpc("in")).stream("/chat.Chat/Talk");

  for (const message of ["x", "y"]) {
    await call.send(message);
    expect(Buffer.from(await call.receive()).toString()).toBe(message);
  }
  await call.end();

  expect(await call.ended).toMatchObject({ status: 9, statusMessage: "enough" });
  expect((await call.initialMetadata).get("x-echo")).toBe("ours");
});

test("a WebSocket goes through a filter of ours", async ({ start, upstream }) => {
  upstream.webSocket(async (socket) => {
    for await (const message of socket.messages) await socket.send(`${String(message)}!`);
  });
  const upgrading = { httpConnectionManager: { upgradeConfigs: [{ upgradeType: "websocket" }] } };
  const mesh = await start({
    listeners: [listener("in", { ...inCleartext, ...upgrading })],
    clusters: [cluster("service", upstream)],
  });

  const { response, socket } = await mesh.webSocket("in", "/chat");
  await socket.send("hello");
  const answer = await socket.receive();
  await socket.close();
  await mesh.settled();

  expect(answer).toBe("hello!");
  expect(response).toHaveHeader("x-echo", "ours");
  expect(mesh.accessLog).toMatchObject([{ path: "/chat", status: 101 }]);
});

test("TCP goes through a filter of ours and tcp_proxy", async ({ start }) => {
  const mesh = await start(echoingScenario());

  expect(await echoOf(mesh, "hello")).toBe("hello");
  expect(mesh.logs).toHaveLogged("info", 'downstream data "hello"');
  expect(mesh.transcript).toHaveCalled("proxy_on_downstream_data");
  expect(mesh.stats).toHaveCounter("listener.tcp.downstream_cx_destroy", 1);
});
