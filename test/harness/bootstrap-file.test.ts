import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startBootstrap, Upstream, type BootstrapOptions } from "proxy-wasm-harness";
import { expect, onTestFinished } from "vitest";
import { guest } from "../guests/guest.ts";
import { test as base } from "./envoy-fixture.ts";

const edge = new URL("bootstraps/edge.yaml", import.meta.url).pathname;
const modules = { authz: "header-authz" };
const admin = { headers: { "x-role": "admin" } };

/** Without an Envoy these are skipped. */
const test = base.extend<{ start: typeof startBootstrap }>({
  start: async ({ envoy }, use) => {
    void envoy; // asked for, so that without one the test is skipped
    const started: AsyncDisposable[] = [];
    await use(async (file, options) => {
      const proxy = await startBootstrap(file, options);
      started.push(proxy);
      return proxy;
    });
    for (const proxy of started) await proxy[Symbol.asyncDispose]();
  },
});

test("a bootstrap runs as it stands, with the local build of its filter", async ({ start }) => {
  const accounts = new Upstream();
  const proxy = await start(edge, { modules, clusters: { accounts } });

  expect((await proxy.get("public", "/accounts/1", admin)).status).toBe(200);
  expect((await proxy.get("public", "/accounts/2")).status).toBe(401);
  await proxy.settled();

  expect(accounts.requests.map((request) => request.path)).toEqual(["/v1/accounts/1"]);
  expect(accounts.requests[0]?.headers.get("x-edge")).not.toBeNull();
  expect(proxy.stats.get("header_authz.allowed")).toBe(1);
  expect(proxy.stats.get("http.ingress_http.downstream_rq_2xx")).toBe(1);
  expect(proxy.accessLog.map(({ status }) => status)).toEqual([200, 401]);
});

test("a listener is found by its port in the file, too", async ({ start }) => {
  const proxy = await start(edge, { modules });

  expect((await proxy.get(8443, "/", admin)).text()).toBe("upstream");
  expect((await proxy.get(8080, "/")).status).toBe(204);
  expect((await proxy.get("listener_1", "/")).status).toBe(204);
});

test("what its own access logs write can be read", async ({ start }) => {
  const proxy = await start(edge, { modules });

  await proxy.get("public", "/here", admin);
  await proxy.settled();

  await expect.poll(() => proxy.accessLogText()).toBe("/here took 200\n");
});

test("a filter's logs and callbacks are seen as of every proxy", async ({ start }) => {
  const proxy = await start(edge, { modules: { authz: guest("raw/obeys") } });

  await proxy.get("public", "/", { headers: { "x-do": "w" } });
  await proxy.settled();

  expect(proxy.transcript.map(({ name }) => name)).toContain("proxy_on_request_headers");
  expect(new Set(proxy.logs.map(({ source }) => source.split(" ")[0]))).toEqual(new Set(["authz"]));
});

test("a trap fails the request with the plugin's name and the line", async ({ start }) => {
  const proxy = await start(edge, { modules: { authz: guest("raw/obeys") } });

  const trapped = { code: "filter_trapped", message: expect.stringContaining("authz") };
  await expect(proxy.get("public", "/", { headers: { "x-do": "h" } })).rejects.toMatchObject(trapped);
});

const refusals: readonly [title: string, options: BootstrapOptions, message: RegExp][] = [
  ["a module from elsewhere without a local one", {}, /plugin "authz" .* is fetched from https:\/\/modules/],
  [
    "a plugin that is not there",
    { modules: { autz: "header-authz" } },
    /no Wasm plugin "autz": did you mean "authz"/,
  ],
  [
    "a cluster that is not there",
    { modules, clusters: { shops: new Upstream() } },
    /no cluster "shops": did you mean "shop"/,
  ],
];

test.for(refusals)("%s is refused", async ([, options, message], { start }) => {
  await expect(start(edge, options)).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(message),
  });
});

test("a listener that is not there is refused with those that are", async ({ start }) => {
  const proxy = await start(edge, { modules });

  await expect(proxy.get("private", "/")).rejects.toMatchObject({
    code: "invalid_input",
    message: 'the bootstrap has no listener "private": there are "public" (8443), "listener_1" (8080)',
  });
});

/** A bootstrap of the test's own. */
async function written(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "bootstrap-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, "envoy.yaml");
  await writeFile(file, text);
  return file;
}

test.for<[title: string, text: string, message: RegExp]>([
  [
    "a field that does not exist",
    "static_resource: {}",
    /is no bootstrap of Envoy: .*static_resource.*\n.*proxy-wasm lint/,
  ],
  ["text that is no YAML", "a: [", /is no bootstrap of Envoy/],
  [
    "resources from a control plane",
    "dynamic_resources: { ads_config: {} }",
    /has its resources from a control plane/,
  ],
])("%s is refused", async ([, text, message], { start }) => {
  await expect(start(await written(text))).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(message),
  });
});

test("a file that is not there is refused", async ({ start }) => {
  await expect(start("none.yaml")).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringMatching(/\/none\.yaml: there is no such file: correct the path$/) as string,
  });
});
