import {
  GrpcUpstream,
  startNetworkProxy,
  startProxy,
  Upstream,
  type NetworkProxyOptions,
  type ProxyOptions,
} from "proxy-wasm-harness";
import { expect, onTestFinished, test, vi } from "vitest";
import { guest } from "../guests/guest.ts";

const chain = [{ filter: guest("raw/pauses") }];

const wrong: Array<[what: string, options: object, code: string, message: RegExp]> = [
  [
    "an unknown option",
    { chain, bakend: "envoy" },
    "invalid_input",
    /unknown option "bakend": did you mean "backend"\?/,
  ],
  [
    "an unknown plugin option",
    { chain: [{ ...chain[0], rootid: "x" }] },
    "invalid_input",
    /"rootid": did you mean "rootId"\?/,
  ],
  [
    "an unknown option of an access logger",
    { chain, accessLoggers: [{ ...chain[0], vmid: "x" }] },
    "invalid_input",
    /accessLoggers: unknown option "vmid": did you mean "vmId"\?/,
  ],
  [
    "an access logger that cannot be told of streams",
    { chain, accessLoggers: chain },
    "invalid_input",
    /accessLoggers: .*pauses\.wasm has no proxy_on_log/,
  ],
  [
    "an unknown option of a service",
    { chain, services: [{ ...chain[0], singelton: true }] },
    "invalid_input",
    /services: unknown option "singelton": did you mean "singleton"\?/,
  ],
  [
    "an unknown Envoy setting",
    { chain, envoy: { prot: 1 } },
    "invalid_input",
    /"prot": did you mean "port"\?/,
  ],
  [
    "no worker threads",
    { chain, envoy: { concurrency: 0 } },
    "invalid_input",
    /envoy\.concurrency: 0 must be a whole number from 1 to 1000$/,
  ],
  [
    "an unknown failure policy",
    { chain: [{ ...chain[0], failurePolicy: "FAIL_RELOADED" }] },
    "invalid_input",
    /failurePolicy: "FAIL_RELOADED" is not one of FAIL_CLOSED, FAIL_OPEN, FAIL_RELOAD/,
  ],
  [
    "an interval of reloads without reloads",
    { chain: [{ ...chain[0], failurePolicy: "FAIL_OPEN", reloadIntervalMs: 10 }] },
    "invalid_input",
    /reloadIntervalMs: 10 means nothing with FAIL_OPEN: leave it out/,
  ],
  [
    "an interval of reloads of which Envoy dies",
    { chain: [{ ...chain[0], failurePolicy: "FAIL_RELOAD", reloadIntervalMs: 1 }] },
    "invalid_input",
    /reloadIntervalMs: 1 must be a whole number from 2 on/,
  ],
  [
    "an unknown backend",
    { chain, backend: "docker" },
    "invalid_input",
    /backend: "docker" is not one of embedded, envoy/,
  ],
  [
    "an unknown log level",
    { chain, logLevel: "warning" },
    "invalid_input",
    /logLevel: "warning" is not one of trace/,
  ],
  [
    "a gRPC cluster by the name of the service behind the proxy",
    { chain, grpcClusters: { upstream: new GrpcUpstream() } },
    "invalid_input",
    /grpcClusters: "upstream" is a cluster already: choose another name/,
  ],
  [
    "a gRPC cluster by another cluster's name",
    { chain, clusters: { service: new Upstream() }, grpcClusters: { service: new GrpcUpstream() } },
    "invalid_input",
    /grpcClusters: "service" is a cluster already: choose another name/,
  ],
  [
    "a missing module",
    { chain: [{ filter: "nowhere/gone.wasm" }] },
    "not_found",
    /nowhere\/gone\.wasm: no such module: build it first/,
  ],
  [
    "a mistyped filter",
    { chain: [{ filter: "header-autz" }] },
    "not_found",
    /no filter "header-autz".*did you mean "header-authz"\?/,
  ],
  [
    "an OCI reference",
    { chain: [{ filter: "oci://example.test/filter:1" }] },
    "unsupported",
    /pull the module to a \.wasm file/,
  ],
  [
    "a folder without filters above it",
    { chain: [{ filter: "x" }], relativeTo: "/" },
    "not_found",
    /no asconfig\.json in \/ or above it/,
  ],
  [
    "an unsound module",
    { chain: [{ filter: guest("unsound/no-allocator") }] },
    "module_refused",
    /neither malloc nor/,
  ],
];

test.for(wrong)("%s is refused with the way out", async ([, options, code, message]) => {
  await expect(startProxy(options as ProxyOptions)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});

test("nothing is read from streams that may still be open", async () => {
  await using proxy = await startProxy({ chain: [{ filter: guest("empty") }] });
  await proxy.get("/");

  for (const read of ["stats", "logs", "accessLog", "transcript", "traps"] as const) {
    expect(() => proxy[read]).toThrow(expect.objectContaining({ code: "not_settled" }));
  }
  await proxy.settled();
  expect(proxy.accessLog).toEqual([{ method: "GET", path: "/", status: 200, details: "via_upstream" }]);
});

test("counts are not read before they are taken", async () => {
  await using proxy = await startProxy({ chain: [{ filter: guest("empty") }] });

  expect(() => proxy.stats).toThrow(
    "proxy.stats was read before `await proxy.settled()`, which is when counts are taken: await it first",
  );
  await proxy.settled();
  expect(proxy.stats.names()).not.toEqual([]);
});

const wrongForConnections: Array<[what: string, options: object, message: RegExp]> = [
  ["an option that HTTP alone has", { chain, accessLoggers: [] }, /unknown option "accessLoggers"/],
  [
    "an unknown plugin option",
    { chain: [{ ...chain[0], rootid: "x" }] },
    /"rootid": did you mean "rootId"\?/,
  ],
];

test.for(wrongForConnections)("%s is refused for connections", async ([, options, message]) => {
  await expect(startNetworkProxy(options as NetworkProxyOptions)).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(message) as string,
  });
});

const passing = {
  chain: [{ filter: guest("raw/passes") }],
  uncheckedModules: true,
  backend: "envoy",
} as const;

test.for([
  ["startProxy", startProxy],
  ["startNetworkProxy", startNetworkProxy],
] as const)("%s starts no Envoy but of the version that is asked for", async ([, start]) => {
  vi.stubEnv("ENVOY_PATH", "");
  onTestFinished(() => void vi.unstubAllEnvs());

  const refused = start({ ...passing, envoy: { version: "1.20" } });

  const message = expect.stringMatching(/^no Envoy 1\.20, asked for by the option `version`, was found/);
  await expect(refused).rejects.toMatchObject({ code: "envoy_not_available", message });
});
