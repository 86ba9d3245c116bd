import { startNetworkProxy, startProxy, TcpUpstream } from "proxy-wasm-harness";
import { expect, networkFilterTest, type NetworkFilterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { inProject, test } from "../project.ts";
import { echo } from "./connections.ts";

describe("a module of both kinds", () => {
  const filter = guest("both-kinds");

  test("serves connections and requests by the root_id", async ({ envoys }) => {
    const upstream = new TcpUpstream();
    echo(upstream);
    await using wire = await startNetworkProxy({
      ...inProject(envoys),
      upstream,
      chain: [{ filter, rootId: "wire" }],
    });
    const connection = await wire.connect();
    await connection.send("x");
    await connection.receive(1);
    await wire.settled();
    expect(wire.logs).toHaveLogged("info", "bytes of a client");

    await using web = await startProxy({ ...inProject(envoys), chain: [{ filter, rootId: "web" }] });
    expect(await web.get("/")).toHaveStatus(200);
    await web.settled();
    expect(web.logs).toHaveLogged("info", "a request");
  });

  test("refuses requests where a network filter stands among HTTP filters", async ({ envoys }) => {
    await using proxy = await startProxy({ ...inProject(envoys), chain: [{ filter, rootId: "wire" }] });

    expect(await proxy.get("/")).toHaveStatus(500);
    await proxy.settled();
    expect(proxy.logs).toHaveLogged(
      "error",
      'a request was refused in onRequestHeaders: "wire" is a network filter, and the proxy has it among its HTTP filters: move it in the proxy\'s configuration',
    );
  });

  test("refuses connections where an HTTP filter stands among network filters", async ({ envoys }) => {
    await using proxy = await startNetworkProxy({ ...inProject(envoys), chain: [{ filter, rootId: "web" }] });
    const connection = await proxy.connect();

    expect(await connection.closed()).toBe("ended");
    await proxy.settled();
    expect(proxy.logs).toHaveLogged(
      "error",
      'a connection was refused in onNewConnection: "web" is an HTTP filter, and the proxy has it among its network filters: move it in the proxy\'s configuration',
    );
  });
});

test("a module of network filters alone refuses requests, and says so once", async ({ envoys }) => {
  const chain = [{ filter: guest("observes-connections") }];
  await using proxy = await startProxy({ ...inProject(envoys), chain });
  for (let i = 0; i < 2; i++) expect(await proxy.get("/")).toHaveStatus(500);
  await proxy.settled();

  expect(proxy.logs.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual([
    'a request was refused in onRequestHeaders: "observes-connections" is a network filter, and the proxy has it among its HTTP filters: move it in the proxy\'s configuration',
  ]);
});

test("a module without a callback for connections is refused as a network filter", async ({ envoys }) => {
  await expect(
    startNetworkProxy({ ...inProject(envoys), chain: [{ filter: guest("observer") }] }),
  ).rejects.toMatchObject({
    code: "module_refused",
    message: expect.stringMatching(/it is no network filter/),
  });
});

describe("a trap on a connection", () => {
  const trapping = (allowTraps: boolean): NetworkFilterTest =>
    networkFilterTest(guest("traps-on-data"), undefined, { allowTraps });

  trapping(true)("ends it, and every later one", async ({ proxy, upstream }) => {
    const connection = await proxy.connect();
    await connection.send("x");
    expect(await connection.closed()).toBe("ended");
    const next = await proxy.connect();
    expect(await next.closed()).toBe("ended");
    await proxy.settled();

    expect(proxy.traps).toMatchObject([{ plugin: "traps-on-data", callback: "proxy_on_downstream_data" }]);
    expect(upstream.connections.map(({ received }) => received.length)).toEqual([0]);
  });

  test("is what a wait for bytes is refused with", async ({ envoys }) => {
    const chain = [{ filter: guest("traps-on-data") }];
    await using proxy = await startNetworkProxy({ ...inProject(envoys), chain });
    const connection = await proxy.connect();
    await connection.send("x");

    await expect(connection.receive(1)).rejects.toMatchObject({ code: "filter_trapped" });
  });
});
