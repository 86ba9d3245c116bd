import { createAuthority } from "proxy-wasm-harness";
import { cluster, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import type { HeaderAuthz } from "./scenarios.ts";

const configuration: HeaderAuthz = {
  rules: [{ allow: { peer: { prefix: "spiffe://mesh/ns/shop/" } } }],
  set_headers: [{ header: "x-peer", peer: true }],
};
const ours = createAuthority({ name: "ours" });

const test = scenarioTest(async ({ upstream }) => {
  const authority = await ours;
  const tls = {
    identity: await authority.issue({ dns: ["proxy.mesh"] }),
    clientAuthority: authority.certificate,
  };
  const httpFilters = [wasm("header-authz", configuration)];
  return {
    listeners: [listener("in", { httpFilters, routes: [route("/", "service")], tls })],
    clusters: [cluster("service", upstream)],
  };
});

test.for([
  ["spiffe://mesh/ns/shop/web", 200],
  ["spiffe://mesh/ns/shopping/web", 403],
  ["spiffe://evil/ns/shop/web", 403],
] as const)("a client whose certificate says %s has status %i", async ([uri, status], { mesh, upstream }) => {
  const authority = await ours;
  const tls = {
    authority: authority.certificate,
    serverName: "proxy.mesh",
    identity: await authority.issue({ uris: [uri] }),
  };
  const response = await mesh.get("in", "/", { tls, headers: { "x-peer": "spiffe://mesh/ns/shop/root" } });

  expect(response).toHaveStatus(status);
  expect(upstream.requests.map(({ headers }) => headers.get("x-peer"))).toEqual(status === 200 ? [uri] : []);
});
