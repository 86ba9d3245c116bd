import { createHash } from "node:crypto";
import { copyFile, mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { EnvoyAdmin } from "../../harness/src/admin/envoy-admin.ts";
import { EnvoyPool, resource, startProxy, type ProxyOptions } from "proxy-wasm-harness";
import { ClusterSchema } from "proxy-wasm-harness/api/envoy/config/cluster/v3/cluster";
import { HealthStatus } from "proxy-wasm-harness/api/envoy/config/core/v3/health_check";
import { expect } from "proxy-wasm-harness/vitest";
import { beforeEach, describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { requiresEnvoy } from "./requires-envoy.ts";
import { test } from "./xds-fixture.ts";
import { answeringListener, loopback, wasm } from "./xds-resources.ts";

const chain = [{ filter: guest("metrics") }];
const inEnvoy: ProxyOptions = { backend: "envoy", chain };

describe("the embedded backend", () => {
  test.for([
    ["tracing", { tracing: true }, 'has no traces: say needs: ["tracing"]'],
    ["an access log", { accessLog: true }, 'has four fields in its access log: say needs: ["access-log"]'],
    [
      "Envoy's log",
      { envoyLogLevels: { router: "debug" } },
      'has no log of Envoy\'s: say needs: ["envoy-log"]',
    ],
  ] as const)("refuses %s, with what a test has to say", async ([, options, message]) => {
    const refused = startProxy({ chain, ...options });

    await expect(refused).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining(message) as string,
    });
  });

  test("has no admin interface and no log of Envoy's", async () => {
    await using proxy = await startProxy({ chain });

    await expect(proxy.admin.clusters()).rejects.toThrow('has no admin interface: say needs: ["admin"]');
    expect(() => proxy.envoyLogs).toThrow('has no log of Envoy\'s: say needs: ["envoy-log"]');
  });
});

test.for([
  [{ envoyLogLevels: { wasm: "info" } }, "the level of wasm is the option logLevel"],
  [{ envoyLogLevels: { admin: "info" } }, "admin is what the harness itself listens to"],
  [{ envoyLogLevels: { router: "loud" } }, 'envoyLogLevels.router: "loud" is not one of trace'],
  [
    { accessLog: { requestHeader: [] } },
    'accessLog: unknown option "requestHeader": did you mean "requestHeaders"?',
  ],
] as const)("%j is refused", async ([options, message]) => {
  const refused = startProxy({ ...inEnvoy, ...options } as ProxyOptions);

  await expect(refused).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining(message) as string,
  });
});

describe("a real Envoy", () => {
  beforeEach(({ skip }) => requiresEnvoy(skip));

  test("a logger that Envoy does not have is refused with the nearest, and its Envoy is of further use", async () => {
    await using pool = new EnvoyPool();
    const options = { ...inEnvoy, envoy: { pool } };

    await expect(startProxy({ ...options, envoyLogLevels: { rooter: "debug" } })).rejects.toThrow(
      'Envoy has no logger "rooter": did you mean "router"?',
    );
    await using proxy = await startProxy({ ...options, envoyLogLevels: { router: "debug" } });
    await proxy.get("/");
    await proxy.settled();
    expect(proxy.envoyLogs).toHaveEnvoyLog("router", "debug", "match for URL '/'");
  });

  test("a component that is written wrong fails with not, and every one that Envoy has does not", async () => {
    await using pool = new EnvoyPool();
    const options = { ...inEnvoy, envoy: { pool } };
    const refused = startProxy({ ...options, envoyLogLevels: { like_no_other: "debug" } });
    const [, list = ""] = /it has (.*)/.exec(await messageOf(refused)) ?? [];
    const components = list.split(", ");
    expect(components).toContain("router");

    await using proxy = await startProxy(options);

    for (const name of components) expect(proxy.envoyLogs).not.toHaveEnvoyLog(name, "error", "reset");
    expect(() => expect(proxy.envoyLogs).not.toHaveEnvoyLog("rooter", "error", "reset")).toThrow(
      "rooter said nothing: did you mean router?",
    );
  });

  test("with several workers every entry and every span is there", async () => {
    const observing = { tracing: true, accessLog: { requestHeaders: ["x-n"] } };
    await using proxy = await startProxy({ ...inEnvoy, ...observing, envoy: { concurrency: 4 } });

    const numbers = Array.from({ length: 60 }, (_, n) => String(n));
    await Promise.all(numbers.map((n) => proxy.get(`/${n}`, { headers: { "x-n": n } })));
    await proxy.settled();

    expect(proxy.accessLog.map(({ requestHeaders }) => `/${requestHeaders?.["x-n"]}`)).toEqual(
      proxy.accessLog.map(({ path: sent }) => sent),
    );
    expect(new Set(proxy.accessLog.map(({ path: sent }) => sent)).size).toBe(60);
    expect(proxy.spans).toHaveLength(120);
  });

  test("spans go on, and the modules are the new ones, after an update", async () => {
    await using proxy = await startProxy({ ...inEnvoy, tracing: true });

    await proxy.get("/");
    await proxy.update({ chain: [{ filter: guest("echo-headers") }] });
    await proxy.get("/");
    await proxy.settled();

    expect(proxy.spans).toHaveLength(4);
    expect(proxy.modules.map(({ name }) => name)).toEqual(["echo-headers"]);
    expect(await proxy.admin.modules()).toRunModule(proxy.modules[0] ?? expect.unreachable());
  });

  test("a module that was replaced on disk is not the one that runs", async () => {
    await using folder = await mkdtempDisposable(path.join(tmpdir(), "observing-"));
    const filter = path.join(folder.path, "filter.wasm");
    await copyFile(guest("metrics"), filter);
    await using proxy = await startProxy({ ...inEnvoy, chain: [{ filter }] });
    const [given] = proxy.modules;
    if (given === undefined) return expect.unreachable();
    expect(await proxy.admin.modules()).toRunModule(given);

    await copyFile(guest("echo-headers"), filter);

    expect(await proxy.admin.modules()).not.toRunModule(given);
  });
});

test("a module in the configuration itself has the digest of its bytes", async ({ controlPlane, client }) => {
  const plane = await controlPlane();
  const { admin } = await client(plane);
  await plane.update({ set: [answeringListener("in", "body", [wasm("inline", "raw/passes")])] });

  const modules = await new EnvoyAdmin((where) => admin.get(where)).modules();

  const sha256 = createHash("sha256")
    .update(await readFile(guest("raw/passes")))
    .digest("hex");
  expect(modules).toEqual([{ plugin: "inline", rootId: "root", source: "", sha256 }]);
});

test("a server that is not healthy says why", async ({ controlPlane, client }) => {
  const plane = await controlPlane();
  const { admin } = await client(plane);
  const endpoint = { hostIdentifier: { case: "endpoint", value: { address: loopback(1) } } } as const;
  const lbEndpoints = [{ ...endpoint, healthStatus: HealthStatus.UNHEALTHY }];
  const loadAssignment = { clusterName: "sick", endpoints: [{ lbEndpoints }] };
  await plane.update({ set: [resource(ClusterSchema, { name: "sick", loadAssignment })] });

  const clusters = await new EnvoyAdmin((where) => admin.get(where)).clusters();

  const sick = { address: "127.0.0.1:1", isHealthy: false, healthFlags: ["eds_unhealthy"] };
  expect(clusters).toMatchObject([{ name: "sick", endpoints: [sick] }]);
});

async function messageOf(refused: Promise<unknown>): Promise<string> {
  const error: unknown = await refused.catch((thrown: unknown) => thrown);
  return error instanceof Error ? error.message : "it was not refused";
}
