import type { ServiceOptions, StartedProxy } from "proxy-wasm-harness";
import { chainTest, expect } from "proxy-wasm-harness/vitest";
import { inject } from "vitest";
import { guest } from "../guests/guest.ts";

const isVirtual = inject("proxyWasmBackend") === "embedded";
const filter = guest("services");
const givesJobs = { filter, rootId: "gives-jobs", vmId: "jobs" };
const doesJobs: ServiceOptions = { filter, rootId: "does-jobs", vmId: "jobs" };

async function reaches(proxy: StartedProxy, counter: string, atLeast: number): Promise<void> {
  const read = async (): Promise<number> => {
    await proxy.settled();
    return proxy.stats.get(counter) ?? 0;
  };
  await expect.poll(read, { interval: 5 }).toBeGreaterThanOrEqual(atLeast);
}

for (const singleton of [true, false]) {
  const name = singleton ? "a singleton" : "a service on every worker";
  const test = chainTest([givesJobs], { services: [{ ...doesJobs, singleton }] });

  test(`${name} does what a filter of its vm_id puts into a queue`, async ({ proxy, upstream }) => {
    await proxy.get("/", { headers: { "x-job": "one" } });
    await reaches(proxy, "services.jobs", 1);
    await proxy.get("/", { headers: { "x-job": "two" } });
    await reaches(proxy, "services.jobs", 2);
    await proxy.get("/");
    await proxy.settled();

    expect(upstream.requests.map(({ headers }) => headers.get("x-last-job"))).toEqual([null, "one", "two"]);
    expect(proxy.logs.map(({ message }) => message)).toEqual(["job <one>", "job <two>"]);
  });

  const beating = { ...doesJobs, singleton, configuration: { every_ms: 10 } };
  chainTest([], { services: [beating] })(`${name} has timers, and needs no request`, async ({ proxy }) => {
    if (isVirtual) await proxy.clock.advance(20);

    await reaches(proxy, "services.beats", 2);
  });
}

chainTest([givesJobs], { services: [{ ...doesJobs, vmId: "other" }] })(
  "the queue of a service is that of its vm_id",
  async ({ proxy }) => {
    await proxy.get("/", { headers: { "x-job": "one" } });
    await proxy.settled();

    expect(proxy.stats).toHaveCounter("services.jobs", 0);
  },
);

chainTest([], {
  services: [
    { ...doesJobs, name: "one" },
    { ...doesJobs, name: "two", vmId: "two" },
  ],
})("several services run side by side", async ({ proxy }) => {
  const sources = new Set(proxy.startLogs.map(({ source, message }) => `${source}: ${message}`));

  expect([...sources].sort()).toEqual([
    "does-jobs jobs: service configured",
    "does-jobs two: service configured",
  ]);
});

chainTest([{ ...givesJobs, rootId: "does-jobs" }])(
  "a service in the place of a filter lets streams pass, and says so",
  async ({ proxy }) => {
    expect(await proxy.get("/")).toHaveStatus(200);

    await proxy.settled();
    expect(proxy.logs).toHaveLogged("error", "DoesJobs is no filter, and lets streams pass");
  },
);
