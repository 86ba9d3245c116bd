import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { upstreamAddress } from "proxy-wasm-harness/container";
import { getContainerRuntimeClient } from "testcontainers";
import { expect, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { guest } from "../guests/guest.ts";
import { bootstrap } from "./container-bootstrap.ts";
import { test, type Containers } from "./container-fixture.ts";

const authz = fileURLToPath(new URL("../../build/header-authz.wasm", import.meta.url));
const admins = JSON.stringify({ rules: [{ allow: { header: "x-role", exact: "admin" } }] });
const config = bootstrap({ module: "/etc/envoy/header-authz.wasm", configuration: admins });

test("a filter decides in a container, which is gone after the test", async ({ containers }) => {
  {
    await using envoy = await containers
      .create("envoyproxy/envoy:v1.40.0")
      .withBootstrap(config)
      .withModule("build/header-authz.wasm")
      .withExposedPorts(10000)
      .start();
    const ask = (role: string): Promise<Response> =>
      fetch(envoy.listenerUrl(10000), { headers: { "x-role": role } });

    expect((await ask("admin")).status).toBe(200);
    expect((await ask("user")).status).toBe(403);
    expect(await containers.left()).toEqual(["running"]);
  }
  expect(await containers.left()).toEqual([]);
});

test("the start line is one for every image, and the files can be read by its user", async ({
  containers,
}) => {
  await using envoy = await containers.create().withBootstrap(stringify(config)).withModule(authz).start();

  const { Path, Args, Config } = await inspected(envoy.getId());
  expect([Path, ...Args].slice(0, 3)).toEqual(["/usr/local/bin/envoy", "-c", "/etc/envoy/envoy.yaml"]);
  expect(Config.User).toBe("101:101");
  expect(await modesIn(envoy)).toEqual({ "envoy.yaml": "644", "header-authz.wasm": "644" });
});

test("ports are published on loopback alone, the admin interface among them", async ({ containers }) => {
  await using envoy = await containers
    .create()
    .withBootstrap(config)
    .withModule(authz)
    .withExposedPorts(10000)
    .start();

  const { NetworkSettings } = await inspected(envoy.getId());
  const addresses = Object.entries(NetworkSettings.Ports).map(([port, bound]) => [port, bound?.[0]?.HostIp]);
  expect(Object.fromEntries(addresses)).toEqual({ "9901/tcp": "127.0.0.1", "10000/tcp": "127.0.0.1" });
  expect(await (await fetch(`${envoy.adminUrl}/ready`)).text()).toBe("LIVE\n");
});

test("an admin interface that listens on loopback is moved to where it is reached", async ({
  containers,
}) => {
  const admin = { address: { socket_address: { address: "127.0.0.1", port_value: 1234 } } };
  await using envoy = await containers
    .create()
    .withBootstrap({ ...bootstrap(), admin })
    .start();

  expect((await fetch(`${envoy.adminUrl}/ready`)).status).toBe(200);
});

test("threads, log levels and flags are those that were asked for", async ({ containers }) => {
  await using envoy = await containers
    .create()
    .withBootstrap(config)
    .withModule(authz)
    .withConcurrency(2)
    .withLogLevel("warn", { wasm: "trace" })
    .withFlags("--service-node", "node-7")
    .start();

  const info = await (await fetch(`${envoy.adminUrl}/server_info`)).json();
  expect(info).toMatchObject({
    command_line_options: {
      concurrency: 2,
      log_level: "warning",
      component_log_level: "wasm:trace",
      service_node: "node-7",
    },
  });
});

test("what the filters log, and what Envoy writes to stdout, is read", async ({ containers }) => {
  const lines: string[] = [];
  const seen = Promise.withResolvers<string>();
  const access = {
    name: "stdout",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
      log_format: { text_format_source: { inline_string: "%REQ(:PATH)%\n" } },
    },
  };
  await using envoy = await containers
    .create()
    .withBootstrap({ ...bootstrap({ module: "/etc/envoy/observer.wasm" }), admin: { access_log: [access] } })
    .withModule(guest("observer"))
    .withLogLevel("info", { wasm: "trace" })
    .withExposedPorts(10000)
    .withOutputConsumer((line) => {
      lines.push(line);
      if (line === "/clusters") seen.resolve(line);
    })
    .start();

  await fetch(envoy.listenerUrl(10000));
  await fetch(`${envoy.adminUrl}/clusters`);
  await seen.promise;
  expect(lines).toContain("/ready");
  await expect.poll(() => envoy.filterLogs.length).toBeGreaterThan(0);
});

test("a server of the test process is reached by a container", async ({ containers }) => {
  const upstream = http.createServer((request, response) => response.end(`hello ${request.url}`));
  onTestFinished(() => void upstream.close());
  await once(upstream.listen(0, await upstreamAddress()), "listening");
  const { port: upstreamPort } = upstream.address() as AddressInfo;
  await using envoy = await containers
    .create()
    .withBootstrap(bootstrap({ upstreamPort }))
    .withExposedPorts(10000)
    .start();

  const response = await fetch(`${envoy.listenerUrl(10000)}/there`);

  expect(await response.text()).toBe("hello /there");
});

test("a container is reused by those who start the same, and by nobody else", async ({ containers }) => {
  const first = await reusable(containers);
  const ids = [await reusable(containers), await reusable(containers, { cluster: "b" })];
  const other = await reusable(containers, { module: "observer" });

  expect(ids.map((envoy) => envoy.getId() === first.getId())).toEqual([true, false]);
  expect(other.getId()).not.toBe(first.getId());
  await first[Symbol.asyncDispose]();
  expect((await fetch(`${first.adminUrl}/ready`)).status).toBe(200);
  for (const envoy of [...ids, other]) await envoy.stop();
  expect(await containers.left()).toEqual([]);
});

function reusable(containers: Containers, { cluster = "a", module = "metrics" } = {}) {
  const config = { ...bootstrap(), node: { id: "reused", cluster } };
  const container = containers.create().withBootstrap(config).withReuse();
  return container.withModule(guest(module), "/etc/envoy/filter.wasm").start();
}

async function inspected(id: string) {
  const { container } = await getContainerRuntimeClient();
  return container.getById(id).inspect();
}

/** From the archive, for the image has no shell. */
async function modesIn(envoy: { copyArchiveFromContainer(path: string): Promise<NodeJS.ReadableStream> }) {
  const modes: Record<string, string> = {};
  const chunks: Buffer[] = [];
  for await (const chunk of await envoy.copyArchiveFromContainer("/etc/envoy"))
    chunks.push(Buffer.from(chunk));
  const archive = Buffer.concat(chunks);
  for (const [, name = "", mode = ""] of archive
    .toString("latin1")
    .matchAll(/envoy\/([\w.-]+)\0+\d*(\d{3})\0/g)) {
    modes[name] = mode;
  }
  return modes;
}
