import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startBootstrap, Upstream } from "proxy-wasm-harness";
import { beforeEach, expect, test } from "vitest";
import { requiresContainers } from "./container-fixture.ts";

const edge = new URL("bootstraps/edge.yaml", import.meta.url).pathname;

beforeEach(({ skip }) => requiresContainers(skip));

test("a bootstrap runs in a container as it stands, and its access logs are read", async () => {
  const accounts = new Upstream();
  await using proxy = await startBootstrap(edge, {
    backend: "container",
    modules: { authz: "header-authz" },
    clusters: { accounts },
  });

  const statuses = [
    await proxy.get("public", "/accounts/1", { headers: { "x-role": "admin" } }),
    await proxy.get(8443, "/accounts/2"),
    await proxy.get(8080, "/"),
  ].map(({ status }) => status);
  await proxy.settled();

  expect(proxy.backend).toBe("container");
  expect(statuses).toEqual([200, 401, 204]);
  expect(accounts.requests.map((request) => request.path)).toEqual(["/v1/accounts/1"]);
  expect(proxy.stats.get("header_authz.allowed")).toBe(1);
  await expect.poll(() => proxy.accessLogText()).toBe("/v1/accounts/1 took 200\n/accounts/2 took 401\n");
});

test("files that it names are there", async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "bootstrap-"));
  const file = path.join(folder.path, "envoy.yaml");
  await writeFile(path.join(folder.path, "page.txt"), "from a file");
  await writeFile(file, withPage);
  await using proxy = await startBootstrap(file, { backend: "container" });

  const response = await proxy.get("in", "/");

  expect(response.text()).toBe("from a file");
});

const withPage = `
static_resources:
  listeners:
    - name: in
      address: { socket_address: { address: 0.0.0.0, port_value: 8080 } }
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: in
                route_config:
                  virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                        - match: { prefix: / }
                          direct_response: { status: 200, body: { filename: page.txt } }
                http_filters:
                  - name: envoy.filters.http.router
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
`;
