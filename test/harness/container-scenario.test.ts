import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { cluster, listener, route, type Scenario } from "proxy-wasm-harness/scenario";
import { EnvoyPool, Upstream } from "proxy-wasm-harness";
import { upstreamAddress } from "proxy-wasm-harness/container";
import { expect } from "vitest";
// as the package has them: a builder knows the test's servers by their classes
import { ContainerSite } from "../../harness/dist/container/container-site.js";
import { startScenarioAt } from "../../harness/dist/scenario/start.js";
import { test as base } from "./container-backend-fixture.ts";
import { echoingScenario, echoOf, identityOf, ours } from "./scenario-fixture.ts";

const relativeTo = import.meta.dirname;

interface Fixtures {
  /** Starts a scenario in a container that is reached by published ports, as with Docker Desktop. */
  start: (scenario: Scenario) => ReturnType<typeof startScenarioAt>;
}

const test = base.extend<Fixtures>({
  start: async ({ image }, use) => {
    const serverHost = await upstreamAddress();
    const published = new ContainerSite({ image: image.name, serverHost, isDirect: false });
    await using pool = new EnvoyPool();
    await using all = new AsyncDisposableStack();
    await use(async (scenario) => {
      const options = { backend: "container", relativeTo, envoy: { pool } } as const;
      return all.use(await startScenarioAt(async () => published, scenario, options));
    });
  },
});

test("where containers are reached by published ports, one listener leads to another", async ({ start }) => {
  const upstream = new Upstream();
  const mesh = await start({
    listeners: [
      listener("out", { routes: [route("/", "peer")] }),
      listener("in", { httpFilters: [ours()], routes: [route("/", "service")] }),
    ],
    clusters: [cluster("peer", { listener: "in" }), cluster("service", upstream)],
  });

  const response = await mesh.get("out", "/");
  await mesh.settled();

  expect(response).toMatchObject({ status: 200 });
  expect(response.headers.get("x-echo")).toBe("ours");
  expect(mesh.accessLog.map((entry) => entry.listener).sort()).toEqual(["in", "out"]);
  expect(upstream.requests).toHaveLength(1);
});

test("and connections are known to be over by their number", async ({ start }) => {
  const mesh = await start(echoingScenario());

  expect(await echoOf(mesh, "hello")).toBe("hello");
  expect(mesh.logs.map(({ message }) => message)).toContain('downstream data "hello"');
});

test("a server that is named by an address of loopback is one of this machine", async ({ start }) => {
  const server = http.createServer((_, response) => response.end("here"));
  await once(server.listen(0, await upstreamAddress()), "listening");
  const { port } = server.address() as AddressInfo;
  const mesh = await start({
    listeners: [listener("in", { routes: [route("/", "named")] })],
    clusters: [cluster("named", `127.0.0.1:${port}`)],
  });

  const response = await mesh.get("in", "/");
  server.close();

  expect(response.text()).toBe("here");
});

const quic = async () => ({ tls: { identity: await identityOf("api.example") }, quic: true });
const routes = [route("/", 204)];

test.for([
  {
    what: "a fourth listener",
    scenario: async () => ({ listeners: ["a", "b", "c", "d"].map((name) => listener(name, { routes })) }),
    message:
      /^listener "d~\d+" has no port that this container publishes: there are 4, for proxy-wasm-harness-barrier, a~/,
  },
  {
    what: "HTTP/3",
    scenario: async () => ({ listeners: [listener("in", { ...(await quic()), routes })] }),
    message:
      /^listener "in~\d+" is one of HTTP\/3, and .* are reached by ports of TCP alone: run the test in/,
  },
  {
    what: "a socket of this machine",
    scenario: async () => ({ listeners: [], clusters: [cluster("redis", "/run/redis.sock")] }),
    message:
      /^cluster "redis" leads to \/run\/redis\.sock, .*: let its server listen on a port of `upstreamAd/,
  },
])("$what is refused there", async ({ scenario, message }, { start }) => {
  const refused = start(await scenario());

  await expect(refused).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(message) as string,
  });
});

test("a client that is to come from loopback is refused where the container's own address is reached", async ({
  image,
}) => {
  const site = () => ContainerSite.find({ image: image.name });
  await using mesh = await startScenarioAt(site, { listeners: [listener("in", { routes })] });

  await expect(mesh.get("in", "/", { localAddress: "127.0.0.2" })).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(
      /^no client can come from 127\.0\.0\.2 to a listener on [\d.]+: leave localAddress out/,
    ) as string,
  });
  expect(await mesh.address("in")).toEqual({
    host: expect.not.stringMatching(/^127\./) as string,
    port: await mesh.port("in"),
  });
});
