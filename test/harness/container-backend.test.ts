import { copyFile, mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startNetworkProxy, startProxy, type ProxyOptions } from "proxy-wasm-harness";
import { expect } from "vitest";
import type { Scenario } from "../../harness/src/backend.ts";
import { EnvoyPool } from "../../harness/src/envoy/envoy-pool.ts";
import { startAt } from "../../harness/src/envoy/backend.ts";
import { startNetworkAt } from "../../harness/src/envoy/network-backend.ts";
import { outgoingRequest } from "../../harness/src/message.ts";
import { TcpUpstream } from "../../harness/src/tcp-upstream.ts";
import { Upstream } from "../../harness/src/upstream.ts";
import { guest } from "../guests/guest.ts";
import { test, type OwnImage } from "./container-backend-fixture.ts";
import { scenario } from "./envoy-fixture.ts";

type Envoy = NonNullable<ProxyOptions["envoy"]>;

function start(envoy: Envoy, filter = guest("raw/passes")) {
  return startProxy({ backend: "container", chain: [{ filter }], envoy });
}

async function idsOf(image: OwnImage): Promise<string[]> {
  return (await image.containers()).map(({ id }) => id);
}

test("proxies of a pool share one container, and its end removes it", async ({ image, pool }) => {
  const envoy = { pool, image: image.name };
  const ids: string[][] = [];
  for (let round = 0; round < 2; round++) {
    await using proxy = await start(envoy);
    expect((await proxy.get("/")).status).toBe(200);
    ids.push(await idsOf(image));
  }

  expect(ids[0]).toHaveLength(1);
  expect(ids[1]).toEqual(ids[0]);
  await pool[Symbol.asyncDispose]();
  expect(await image.containers()).toEqual([]);
});

test("a module that was built anew at its path is what runs next", async ({ image, pool }) => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "built-anew-"));
  const file = path.join(folder.path, "filter.wasm");
  const envoy = { pool, image: image.name };
  await copyFile(guest("raw/passes"), file);
  await (await start(envoy, file))[Symbol.asyncDispose]();
  const ids = await idsOf(image);

  await copyFile(guest("raw/refuses-configuration"), file);

  await expect(start(envoy, file)).rejects.toThrow(/refused its configuration/);
  expect(await idsOf(image)).toEqual(ids);
});

test("a container that is killed fails the test, and the next one gets another", async ({ image, pool }) => {
  const envoy = { pool, image: image.name };
  const proxy = await start(envoy);
  const [killed] = await image.containers();

  await killed?.kill();

  await expect(proxy.get("/")).rejects.toThrow(/^Envoy ended by itself with exit code 137 \(SIGKILL\)/);
  await proxy[Symbol.asyncDispose]();
  expect(await image.containers()).toEqual([]);
  await using next = await start(envoy);
  expect((await next.get("/")).status).toBe(200);
  expect(await idsOf(image)).not.toContain(killed?.id);
});

test("a container that somebody else removes fails the test, and nothing more", async ({ image }) => {
  const proxy = await start({ image: image.name });
  const [removed] = await image.containers();

  await removed?.remove({ force: true });

  await expect(proxy.settled()).rejects.toMatchObject({ code: "envoy_exited" });
  await proxy[Symbol.asyncDispose]();
});

test("a filter that refuses its configuration is told with its cause", async ({ image, pool }) => {
  const refused = start({ pool, image: image.name }, guest("raw/refuses-configuration"));

  await expect(refused).rejects.toMatchObject({
    code: "configuration_refused",
    message: expect.stringMatching(/refused its configuration: the key "rules" is missing/),
  });
});

test("a port on 127.0.0.1 is refused", async ({ image }) => {
  await expect(start({ image: image.name, port: 8080 })).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(/8080 was asked for: leave envoy\.port at 0$/),
  });
});

test("an image that is not there is refused in one line", async ({ image }) => {
  await expect(start({ image: `${image.name}-none` })).rejects.toMatchObject({
    code: "image_not_available",
    message: expect.stringMatching(/^the image \S+-none is not on the container engine.*$/),
  });
});

test("where containers are reached by published ports, requests pass too", async ({ published }) => {
  const upstream = new Upstream();
  await using proxy = await startAt(published, await scenario(upstream));

  const { status } = await proxy.send(outgoingRequest({}));
  const { accessLog } = await proxy.settle();

  expect(status).toBe(200);
  expect(upstream.requests).toHaveLength(1);
  expect(accessLog).toHaveLength(1);
});

test("and its ports suffice for any number of proxies, refused ones among them", async ({ published }) => {
  await using pool = new EnvoyPool();
  for (let round = 0; round < 5; round++) {
    await using proxy = await startAt(published, await pooled("raw/passes"));
    expect((await proxy.send(outgoingRequest({}))).status).toBe(200);
    await expect(startAt(published, await pooled("raw/refuses-configuration"))).rejects.toThrow(/refused/);
  }

  async function pooled(name: string): Promise<Scenario> {
    const of = await scenario(new Upstream(), { guests: [name], envoy: { pool } });
    return { ...of, plugins: of.plugins.map((plugin) => ({ ...plugin, vmId: "" })) };
  }
});

test("and connections", async ({ published }) => {
  const upstream = new TcpUpstream();
  const { plugins, logLevel, envoy } = await scenario(new Upstream(), { guests: ["observes-connections"] });
  await using proxy = await startNetworkAt(published, { plugins, clusters: {}, logLevel, envoy, upstream });

  const connection = await proxy.connect();
  await connection.send(new TextEncoder().encode("ping"));
  await connection.end();
  await proxy.settle();

  expect(upstream.connections).toHaveLength(1);
});

test("a worker each is reached by the barrier", async ({ image }) => {
  await using proxy = await startNetworkProxy({
    backend: "container",
    chain: [{ filter: guest("observes-connections") }],
    envoy: { image: image.name, concurrency: 2 },
  });
  const connections = await Promise.all([proxy.connect(), proxy.connect()]);
  for (const connection of connections) await connection.end();
  for (const connection of connections) expect(await connection.closed()).toBe("ended");

  await proxy.settled();
});
