import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { GrpcUpstream, startProxy, Upstream, type StartedProxy } from "proxy-wasm-harness";
import { buildLocalImage } from "proxy-wasm-harness/container";
import { cluster, listener, route, startScenario } from "proxy-wasm-harness/scenario";
import { expect, test, vi } from "vitest";
import { layOutImage } from "../../harness/src/container/image-files.ts";
import { guest } from "../guests/guest.ts";
import { requiresEnvoy } from "./requires-envoy.ts";

interface World {
  readonly proxy: StartedProxy;
  readonly upstream: Upstream;
}

type Attempt = (world: World) => Promise<unknown>;

/** What the embedded backend lacks, each with what happened, and what to do. */
const lacking: Array<[what: string, attempt: Attempt, code: string, message: string]> = [
  [
    "a page for Prometheus",
    ({ proxy }) => proxy.prometheus(),
    "unsupported",
    "the embedded backend has no page for Prometheus: read proxy.stats, or run this test in a real Envoy (vitest --project envoy)",
  ],
  [
    "spans that nobody asked for",
    async ({ proxy }) => (await proxy.settled(), proxy.spans),
    "invalid_input",
    "proxy.spans needs traces: start the proxy with tracing: true, in a real Envoy",
  ],
  [
    "a property of Envoy's that it does not know",
    ({ proxy }) => proxy.get("/", { headers: { "x-get": "xds|node|cluster" } }),
    "unimplemented",
    'plugin "properties" read the property xds.node.cluster in proxy_on_request_headers, which the embedded backend does not have: run this test in a real Envoy (vitest --project envoy)',
  ],
  [
    "a response that breaks off",
    ({ proxy, upstream }) => (upstream.respond({ fault: "reset" }), proxy.get("/")),
    "unsupported",
    'the upstream broke off in the middle of its response (fault: "reset"), which a filter of the embedded backend cannot be shown: say after: null, or run this test in a real Envoy (vitest --project envoy)',
  ],
];

test.for(lacking)("the embedded backend refuses %s", async ([, attempt, code, message]) => {
  const upstream = new Upstream();
  await using proxy = await startProxy({ chain: [{ filter: guest("properties") }], upstream });

  await expect(attempt({ proxy, upstream })).rejects.toMatchObject({ code, message });
});

/** What a filter does that ends badly in Envoy, each with what was seen, and what to do. */
const harmful: Array<[what: string, name: string, configuration: object, code: string, message: string]> = [
  [
    "a body that belies its content-length",
    "edits-fields",
    { in: "request_headers", edits: [{ do: "set", name: "content-length", value: "99" }] },
    "stream_stuck",
    "the request says content-length 99 and has a body of 3 bytes: the receiver would wait for the rest, or take it for another message; a filter that changes a body removes content-length, or sets it, while it has the headers",
  ],
  [
    "a gRPC service without a target",
    "raw-grpc",
    { service: "*\0", request: ["call"] },
    "unsupported",
    "a gRPC service without envoy_grpc was given in proxy_on_request_headers: Envoy 1.40 dies of one that has no target, and the embedded backend has no google_grpc; let the service be a serialised GrpcService with envoy_grpc.cluster_name",
  ],
];

test.for(harmful)("the embedded backend refuses %s", async ([, name, configuration, code, message]) => {
  await using proxy = await startProxy({ chain: [{ filter: guest(name), configuration }] });

  await expect(proxy.post("/", "one")).rejects.toMatchObject({ code, message });
});

/** Two plugins in one VM, which hold a request until a tick of theirs, one after the other. */
const holding = (configuration: string) => ({
  chain: ["one", "two"].map((name) => ({ filter: guest("raw/holds-until-tick"), name, configuration })),
});

test("the embedded backend refuses a plugin's first tick in the tick of another one", async () => {
  await using proxy = await startProxy(holding(""));

  await expect(proxy.get("/")).rejects.toMatchObject({
    code: "unsupported",
    message:
      'plugin "two" set its first tick in proxy_on_request_headers, while the tick of "one" ran in the same VM: Envoy 1.40 dies of that with four plugins, older ones with two; call proxy_set_tick_period_milliseconds(0) in proxy_on_configure',
  });
});

test("the embedded backend refuses two gRPC streams beyond what a cluster takes in one callback", async () => {
  const greeter = new GrpcUpstream();
  greeter.stream("/pkg.Greeter/Greet", async function* (call) {
    await call.complete();
    yield "";
  });
  const chain = [{ filter: guest("raw/grpc-storm"), configuration: "ss" }];
  await using proxy = await startProxy({ chain, grpcClusters: { greeter } });
  for (let i = 0; i < 2; i++) await proxy.get("/");

  await expect(proxy.get("/")).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(
      /^a gRPC stream beyond the 1,024 .* its worker is stuck for ever/,
    ) as string,
  });
});

test("a plugin that stopped its tick when it was configured may set it in the tick of another one", async () => {
  await using proxy = await startProxy(holding("stop"));

  expect(await proxy.get("/")).toHaveProperty("status", 200);
});

test("a scenario has no server around an upstream that no cluster leads to", async ({ skip }) => {
  await requiresEnvoy(skip);
  await using mesh = await startScenario({
    listeners: [listener("in", { routes: [route("/", "service")] })],
    clusters: [cluster("service", new Upstream())],
  });

  expect(() => mesh.server(new Upstream())).toThrow(
    expect.objectContaining({
      code: "invalid_input",
      message:
        'no cluster of the scenario leads to this upstream: give it to one, as in cluster("service", upstream)',
    }),
  );
});

test.for([
  ["a program that is none of this machine's", process.env["PATH"] ?? "", "not a dynamic executable"],
  ["a machine without ldd", "", "there is no ldd"],
] as const)("an image is not built from %s", async ([, PATH, seen]) => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "no-image-"));
  const program = path.join(folder.path, "program");
  await writeFile(program, "#!/bin/sh\n", { mode: 0o755 });
  vi.stubEnv("PATH", PATH);

  const refused = layOutImage(path.join(folder.path, "image"), program).finally(() => vi.unstubAllEnvs());

  await expect(refused).rejects.toMatchObject({
    code: "unsupported",
    message: `an image takes the libraries that ${program} loads from this machine, and ldd did not say which (${seen}): build it on a Linux with glibc, as Debian and Fedora are`,
  });
});

test.for(["", "team/Envoy:1", "a b", "team/envoy:a tag", ":1", "envoy:", "envoy@sha256:0"])(
  "an image is not named %j, whether or not an engine answers",
  async (tag) => {
    await expect(buildLocalImage({ tag })).rejects.toMatchObject({
      code: "invalid_input",
      message: `${JSON.stringify(tag)} is no name of an image: write one as team/envoy:1.40, in lower case and without spaces`,
    });
  },
);

test("a container has no port of its own on 127.0.0.1, whether or not an engine answers", async () => {
  const chain = [{ filter: guest("empty") }];

  await expect(startProxy({ chain, backend: "container", envoy: { port: 8080 } })).rejects.toMatchObject({
    code: "unsupported",
    message:
      "a container's listener has no port of its own on 127.0.0.1, and 8080 was asked for: leave envoy.port at 0",
  });
});
