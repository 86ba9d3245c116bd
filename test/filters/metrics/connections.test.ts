import { createAuthority } from "proxy-wasm-harness";
import { cluster, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";

const ours = createAuthority({ name: "ours" });

const test = scenarioTest(async ({ upstream }) => {
  const authority = await ours;
  const identity = await authority.issue({ dns: ["proxy.mesh"] });
  return {
    listeners: [
      listener("in", {
        httpFilters: [
          wasm("metrics", { labels: ["request_protocol", "source_principal"], histograms: ["duration"] }),
        ],
        routes: [route("/", "service")],
        tls: { identity, clientAuthority: authority.certificate },
      }),
    ],
    clusters: [cluster("service", upstream)],
  };
});

const web = "spiffe://mesh/ns/shop/sa/web";

// A table: one line a client.
// prettier-ignore
const clients = [
  ["of HTTP/1.1 with a URI", "h1", { uris: [web] }, `{request_protocol=HTTP/1.1}{source_principal=${web}}`],
  ["of HTTP/2 with a URI", "h2", { uris: [web] }, `{request_protocol=HTTP/2}{source_principal=${web}}`],
  ["of two URIs", "h1", { uris: [web, "spiffe://mesh/ns/shop/sa/root"] }, `{request_protocol=HTTP/1.1}{source_principal=${web}}`],
  ["with a DNS name alone", "h1", { dns: ["web.shop"] }, "{request_protocol=HTTP/1.1}{source_principal=}"],
] as const;

test.for(clients)("a client %s", async ([, protocol, names, series], { mesh }) => {
  const authority = await ours;
  const identity = await authority.issue({ ...names });
  const tls = { authority: authority.certificate, serverName: "proxy.mesh", identity };
  await mesh.get("in", "/", { protocol, tls, headers: { "x-forwarded-client-cert": "URI=spiffe://evil" } });
  await mesh.settled();

  const counted = mesh.stats.names().filter((name) => name.startsWith("metrics.requests_total"));
  expect(counted).toEqual([`metrics.requests_total${series}`]);
});
