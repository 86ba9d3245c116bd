import { startProxy, type StartedProxy } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";
import { inProject, test } from "../project.ts";

const options = { clusters: ["service"], vmConfiguration: "of the VM" };
const oldest = filterTest(guest("abi-versions/speaks-0-1-0"), "of the plugin", {
  ...options,
  virtualHost: {
    routes: [
      { name: "other", prefix: "/other" },
      { name: "any", prefix: "/" },
    ],
  },
});
const middle = filterTest(guest("abi-versions/speaks-0-2-0"), undefined, options);

async function said(proxy: StartedProxy): Promise<string[]> {
  await proxy.settled();
  return proxy.logs.map(({ message }) => message);
}

const order = (letter: string) => ({ headers: { "x-do": letter } });

oldest(
  "0.1.0: the configuration is the VM's, and the plugin's while that is configured",
  async ({ proxy }) => {
    const [first, second] = proxy.startLogs.map(({ message }) => message);
    await proxy.get("/");

    expect([first, second]).toEqual(["c0of the VM", "c0of the plugin"]);
    expect((await said(proxy))[0]).toBe("c0of the VM");
  },
);

oldest("0.1.0: a header that is not there is an empty one, in the access log too", async ({ proxy }) => {
  await proxy.get("/");

  expect((await said(proxy)).filter((line) => line.startsWith("v"))).toEqual(["v0", "v0", "v0"]);
});

oldest("0.1.0: headers come without the word whether a body follows", async ({ proxy }) => {
  await proxy.post("/", "body");
  await proxy.settled();

  for (const name of ["proxy_on_request_headers", "proxy_on_response_headers"] as const) {
    const [call] = proxy.transcript.filter((entry) => entry.name === name);
    expect(Object.keys(call?.arguments ?? {})).not.toContain("endOfStream");
  }
});

oldest("0.1.0: a request waits for a service", async ({ proxy, upstream, clusters }) => {
  expect(await proxy.get("/", order("w"))).toHaveStatus(200);

  expect(await said(proxy)).toContain("q0");
  expect(clusters["service"]?.requests).toHaveLength(1);
  expect(upstream.requests).toHaveLength(1);
});

oldest("0.1.0: a response waits for a service", async ({ proxy, upstream }) => {
  upstream.respond({ body: "whole" });

  expect((await proxy.get("/", order("a"))).text()).toBe("whole");
  expect(await said(proxy)).toContain("p0");
});

oldest("0.1.0: the route is chosen again", async ({ proxy }) => {
  await proxy.get("/", order("r"));

  expect((await said(proxy)).filter((line) => /^[rx]/.test(line))).toEqual(["x0", "r0other"]);
});

middle("0.2.0: headers come with the word whether a body follows", async ({ proxy }) => {
  await proxy.get("/");
  await proxy.post("/", "body");

  expect((await said(proxy)).filter((line) => line.startsWith("e"))).toEqual(["e1", "e0"]);
});

middle("0.2.0: a header that is not there is not found, in the access log neither", async ({ proxy }) => {
  await proxy.get("/");

  expect((await said(proxy)).filter((line) => line.startsWith("v"))).toEqual(["v1", "v1"]);
});

middle("0.2.0: a request waits for a service", async ({ proxy, upstream }) => {
  expect(await proxy.get("/", order("w"))).toHaveStatus(200);

  expect(await said(proxy)).toContain("q0");
  expect(upstream.requests).toHaveLength(1);
});

middle("0.2.0: a stream is broken off", async ({ proxy, upstream }) => {
  await expect(proxy.get("/", order("x"))).rejects.toMatchObject({ code: "internal" });

  expect(await said(proxy)).toContain("x0");
  expect(upstream.requests).toEqual([]);
  expect(proxy.accessLog).toMatchObject([{ details: "wasm_close_stream" }]);
});

test.for([
  ["0.1.0", "continue-stream", "proxy_continue_stream"],
  ["0.2.0", "log-level", "proxy_get_log_level"],
  ["0.2.0", "configuration", "proxy_get_configuration"],
  ["0.2.1", "clear-route-cache", "proxy_clear_route_cache"],
])(
  "%s: a module that imports what other versions have is refused: %s",
  async ([, name, wanted], { envoys }) => {
    const chain = [{ filter: guest(`abi-versions/lacks/${name}`) }];
    const refused = startProxy({ ...inProject(envoys), chain, uncheckedModules: true });

    await expect(refused).rejects.toMatchObject({
      code: "configuration_refused",
      message: expect.stringContaining(`missing import: env.${wanted}`) as unknown,
    });
  },
);
