import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { cluster, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { inject } from "vitest";
import { GrpcUpstream, HarnessError, Upstream } from "proxy-wasm-harness";

const test = scenarioTest(({ upstream }) => ({
  listeners: [
    listener("in", {
      httpFilters: [wasm("header-authz", { rules: [{ allow: { header: "x-role", exact: "admin" } }] })],
      routes: [route("/", "service")],
    }),
  ],
  clusters: [cluster("service", upstream)],
}));

const admin = { headers: { "x-role": "admin" } };

test.for(["h1", "h2"] as const)("a filter decides over %s", async (protocol, { mesh, upstream }) => {
  const allowed = await mesh.get("in", "/a", { protocol, ...admin });
  const denied = await mesh.get("in", "/b", { protocol, headers: { "x-role": "user" } });
  await mesh.settled();

  expect(allowed).toHaveStatus(200);
  expect(denied).toHaveStatus(403);
  expect(upstream.requests.map(({ path }) => path)).toEqual(["/a"]);
  expect(mesh.stats).toHaveCounter("header_authz.denied", 1);
  expect(mesh.stats).toHaveCounter("http.in.downstream_rq_total", 2);
  expect(mesh.accessLog).toMatchObject([
    { listener: "in", path: "/a", status: 200, details: "via_upstream" },
    { listener: "in", path: "/b", status: 403 },
  ]);
  expect(mesh.transcript).toHaveCalled("proxy_on_request_headers");
});

test("it runs where the vitest project says", async ({ mesh }) => {
  const backend = inject("proxyWasmBackend") ?? "envoy";

  const server = await mesh.admin.get("/server_info");

  expect(mesh.backend).toBe(backend);
  expect(server.includes('"config_path": "/etc/envoy/envoy.json"')).toBe(backend === "container");
});

test("what is named and not there is refused with the nearest name", async ({ mesh }) => {
  await expect(mesh.get("inn", "/")).rejects.toMatchObject({
    code: "invalid_input",
    message: 'the scenario has no listener "inn": did you mean "in"?',
  });
  expect(() => mesh.server(new Upstream())).toThrow(HarnessError);
});

test("gRPC goes by HTTP/2 to its service", async ({ start }) => {
  const service = new GrpcUpstream();
  service.unary("/chat.Chat/Say", ({ message }) => ({ message: `${Buffer.from(message).toString()}!` }));
  const mesh = await start({
    listeners: [listener("in", { routes: [route("/", "chat")] })],
    clusters: [cluster("chat", service)],
  });

  const reply = await (await mesh.grpc("in")).unary("/chat.Chat/Say", "hello");
  await mesh.settled();

  expect(Buffer.from(reply.message).toString()).toBe("hello!");
  expect(mesh.stats).toHaveCounter("cluster.chat.upstream_rq_total", 1);
});
