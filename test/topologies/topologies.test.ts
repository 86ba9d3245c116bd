import type { Identity, Upstream } from "proxy-wasm-harness";
import {
  cluster,
  endpoint,
  listener,
  route,
  wasm,
  type HttpChain,
  type Scenario,
} from "proxy-wasm-harness/scenario";
import { expect, scenarioTest } from "proxy-wasm-harness/vitest";
import { guest, identityOf, testAuthority } from "../harness/scenario-fixture.ts";
import { b3, client, logged, received, traceparent, type Tracing } from "./tracing.ts";

const test = scenarioTest();
const [edgeName, sidecarName] = ["spiffe://mesh/edge", "spiffe://mesh/sidecar"];
const serverName = "service.example";

interface Parts {
  readonly upstream: Upstream;
  /** A filter of ours that logs the headers of every request, and what the hop is told of traces. */
  readonly chain: HttpChain;
  /** PEM: whom everybody trusts. */
  readonly authority: string;
  readonly edge: Identity;
  readonly sidecar: Identity;
  readonly service: Identity;
}

/** A client speaks TLS to the edge, which speaks mTLS to the sidecar, which speaks mTLS to its service. */
function edgeToService({ upstream, chain, authority, edge, sidecar, service }: Parts): Scenario {
  const inbound = { identity: sidecar, clientAuthority: authority };
  const serves = { tls: { identity: service, clientAuthority: authority } };
  const toSidecar = { authority, subjectAltName: sidecarName, identity: edge };
  return {
    listeners: [
      listener("edge", { ...chain, tls: { identity: edge }, routes: [route("/", "sidecar")] }),
      listener("sidecar", { ...chain, tls: inbound, routes: [route("/", "service")] }),
    ],
    clusters: [
      cluster("sidecar", { listener: "sidecar" }, { protocol: "h2", tls: toSidecar }),
      cluster("service", endpoint(upstream, serves), { tls: { authority, serverName, identity: sidecar } }),
    ],
  };
}

/** An application speaks to its sidecar in cleartext, and the sidecars speak mTLS. */
function sidecarToSidecar({ upstream, chain, authority, edge, sidecar }: Parts): Scenario {
  const inbound = { identity: sidecar, clientAuthority: authority };
  const outbound = { authority, subjectAltName: sidecarName, identity: edge };
  return {
    listeners: [
      listener("out", { ...chain, routes: [route("/", "peer")] }),
      listener("in", { ...chain, tls: inbound, routes: [route("/", "service")] }),
    ],
    clusters: [
      cluster("peer", { listener: "in" }, { protocol: "h2", tls: outbound }),
      cluster("service", upstream),
    ],
  };
}

/** An application speaks HTTP to the egress, which speaks TLS to a service outside. */
function egress({ upstream, chain, authority, service }: Parts): Scenario {
  const outside = endpoint(upstream, { tls: { identity: service } });
  return {
    listeners: [listener("egress", { ...chain, routes: [route("/", "outside")] })],
    clusters: [cluster("outside", outside, { protocol: "h2", tls: { authority, serverName } })],
  };
}

async function partsFor(upstream: Upstream, { hop }: Tracing): Promise<Parts> {
  const authority = await testAuthority();
  return {
    upstream,
    chain: { ...hop, httpFilters: [wasm(guest("echo-headers"), { log: true })] },
    authority: authority.certificate,
    edge: await authority.issue({ dns: ["edge.example"], uris: [edgeName] }),
    sidecar: await identityOf(sidecarName),
    service: await identityOf(serverName),
  };
}

/** `tls` is what the service sees of it. */
const topologies = [
  {
    name: "edge to sidecar to service over mTLS",
    describe: edgeToService,
    first: "edge",
    hops: 2,
    tls: { serverName, peer: { uris: [sidecarName] } },
  },
  { name: "sidecar to sidecar", describe: sidecarToSidecar, first: "out", hops: 2, tls: null },
  {
    name: "egress with TLS origination",
    describe: egress,
    first: "egress",
    hops: 1,
    tls: { serverName, peer: null },
  },
];
const table = topologies.flatMap((one) =>
  [traceparent, b3].map((tracing) => [one.name, tracing.name, one, tracing] as const),
);

test.for(table)(
  "%s: a request goes through, and %s is handed on",
  async ([, , topology, tracing], { start, upstream }) => {
    const { describe, first, hops } = topology;
    const parts = await partsFor(upstream, tracing);
    const scenario = describe(parts);
    const mesh = await start({ ...scenario, clusters: [...(scenario.clusters ?? []), tracing.collector()] });
    const tls = first === "edge" ? { tls: { authority: parts.authority, serverName: "edge.example" } } : {};

    const response = await mesh.get(first, "/", { headers: tracing.sent, ...tls });
    await mesh.settled();

    expect(response).toHaveStatus(200);
    expect(mesh.accessLog).toHaveLength(hops);
    const seen = logged(
      tracing,
      mesh.logs.map(({ message }) => message),
      hops,
    );
    const contexts = [...seen, received(tracing, upstream.requests[0]?.headers)];
    expect(seen[0]).toEqual(client);
    expect(new Set(contexts.map(({ trace }) => trace))).toEqual(new Set([client.trace]));
    expect(new Set(contexts.map(({ span }) => span)).size).toBe(hops + 1); // each hop is a span of its own
    expect(mesh.server(upstream).connections).toMatchObject([{ tls: topology.tls }]);
  },
);
