import { startProxy, type PluginOptions, type ServiceOptions } from "proxy-wasm-harness";
import type { StartedProxy, Upstream } from "proxy-wasm-harness";
import { chainTest, expect, type FilterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { isCi } from "../harness/requires-ci.ts";
import { backend, inProject, test } from "../project.ts";

const isVirtual = backend === "embedded";
const filter = guest("raw/counts-starts");
const starting = (name: string, options: Partial<ServiceOptions> = {}): ServiceOptions => ({
  ...{ filter, name, configuration: `${name} is configured`, ...options },
});
const inOneVm = [starting("one"), starting("two")] as const;

/** Lets timers happen, of which the VMs of a plugin have so many, and counts the lines that were logged from the start on. */
async function counted(proxy: StartedProxy, ticks: number): Promise<Record<string, number>> {
  await proxy.get("/");
  if (isVirtual) await proxy.clock.advance(1);
  const lines = async (): Promise<string[]> => {
    await proxy.settled();
    return [...proxy.startLogs, ...proxy.logs].map(({ message }) => message);
  };
  const ticked = async (): Promise<number> => (await lines()).filter((line) => line === "ticked").length;
  await expect.poll(ticked, { interval: 5 }).toBe(ticks);
  const all = Object.groupBy(await lines(), (line) => line);
  return Object.fromEntries(Object.entries(all).map(([line, each = []]) => [line, each.length]));
}

test.for([0, 1.5, 1_001])("%s workers are refused", async (concurrency, { envoys }) => {
  const { backend, envoy } = inProject(envoys);
  const started = startProxy({ backend, chain: inOneVm, envoy: { ...envoy, concurrency } });

  await expect(started).rejects.toMatchObject({
    code: "invalid_input",
    message: `envoy.concurrency: ${concurrency} must be a whole number from 1 to 1000`,
  });
});

const isThorough = isVirtual || isCi;
const concurrencies = isThorough ? [1, 2, 4] : [1, 4];
describe.for(concurrencies)("with a concurrency of %i", (concurrency) => {
  const running = (chain: readonly PluginOptions[], services: readonly ServiceOptions[] = []): FilterTest =>
    chainTest(chain, { services, envoy: { concurrency } });
  const living = 1 + concurrency; // the main thread's and each worker's
  const tried = 1 + living;
  const initialised = 1 + tried;

  running([starting("one")])(
    "a plugin starts in each VM, and once for all to be tried",
    async ({ proxy }) => {
      expect(proxy.startLogs.slice(0, 5).map(({ message }) => message)).toEqual([
        ...["initialised", "initialised", "created", "started", "one is configured"],
      ]);
      expect(await counted(proxy, living)).toEqual({
        initialised,
        created: tried,
        started: tried,
        "one is configured": tried,
        ticked: living,
      });
      expect(proxy.stats).toHaveCounter("starts.configured", tried);
    },
  );

  running(inOneVm)("plugins of one VM are tried in VMs of their own", async ({ proxy }) => {
    expect(await counted(proxy, 2 * living)).toEqual({
      initialised: initialised + 1,
      created: 2 * tried,
      started: 2 * tried,
      "one is configured": tried,
      "two is configured": tried,
      ticked: 2 * living,
    });
  });

  running([inOneVm[0], inOneVm[0]])("plugins that are equal are one", async ({ proxy }) => {
    expect(await counted(proxy, living)).toMatchObject({ initialised, "one is configured": tried });
  });

  for (const singleton of [true, false]) {
    const service = starting("one", { singleton });
    const name = singleton ? "on the main thread alone" : "on every thread";
    running([], [service])(`a service starts ${name}`, async ({ proxy }) => {
      const threads = singleton ? 1 : living;

      expect(await counted(proxy, threads)).toMatchObject({
        initialised: threads + 2,
        "one is configured": threads + 1,
      });
    });
  }

  running([inOneVm[0]])("an update starts what is new", async ({ proxy }) => {
    await counted(proxy, living);
    await proxy.update({ chain: inOneVm });

    expect(await counted(proxy, 2 * living)).toMatchObject({
      initialised: initialised + 1,
      "one is configured": tried,
      "two is configured": tried,
    });
  });

  const discovered = { configDiscovery: true, envoy: { concurrency } };
  chainTest([inOneVm[0]], discovered)(
    "a plugin that is configured anew starts everywhere",
    async ({ proxy }) => {
      await counted(proxy, living);
      await proxy.configure("one is configured anew");

      expect(await counted(proxy, 2 * living)).toMatchObject({
        initialised: initialised + 1,
        "one is configured": tried,
        "one is configured anew": tried,
      });
    },
  );

  const calling = { clusters: ["service"], envoy: { concurrency } };
  chainTest([{ filter: guest("fetches") }], calling)(
    "what a plugin calls while it is configured is called by each VM that lives",
    async ({ proxy, clusters }) => {
      await expect.poll(() => clusters["service"]?.requests.length, { interval: 5 }).toBe(living);
      await proxy.get("/");
      await proxy.settled();

      expect(clusters["service"]?.requests).toHaveLength(living);
    },
  );

  const queues = [{ filter: guest("queue-reader") }, { filter: guest("queue-writer") }];
  running(queues)("a message is taken once, by one of the VMs", async ({ proxy }) => {
    const headers = [
      ["x-queue", "messages"],
      ...["a", "b", "c"].map((text) => ["x-message", text] as const),
    ] as const;
    await proxy.get("/", { headers });
    const taken = async (): Promise<number | null> => {
      await proxy.settled();
      return proxy.stats.get("queue_reader.taken");
    };
    await expect.poll(taken, { interval: 5 }).toBe(3);

    await proxy.settled(); // the callback that counted has logged, too
    expect(proxy.logs.map(({ message }) => message)).toEqual(["took <a>", "took <b>", "took <c>"]);
  });

  const policies = ["FAIL_CLOSED", "FAIL_OPEN", "FAIL_RELOAD"] as const;
  for (const failurePolicy of isThorough ? policies : policies.slice(0, 1))
    running([{ filter: guest("raw/accepts-once"), failurePolicy }])(
      `streams pass a plugin that was accepted when it was tried, and by no thread, under ${failurePolicy}`,
      async ({ proxy }) => {
        expect(await proxy.get("/")).toHaveStatus(200);
        expect(await proxy.get("/")).toHaveStatus(200);
      },
    );
});

const onFour = chainTest([{ filter: guest("traps-when-asked") }], {
  allowTraps: true,
  envoy: { concurrency: 4 },
});

/** Sends requests at once, and lets the upstream answer when so many have come to it. */
async function atOnce(
  { proxy, upstream }: { proxy: StartedProxy; upstream: Upstream },
  requests: number,
  arriving: number,
): Promise<Array<readonly [status: number, inVm: string | null, inAll: string | null]>> {
  const gate = upstream.hold();
  const all = Array.from({ length: requests }, () => proxy.get("/"));
  await gate.arrived(arriving);
  gate.release();
  const responses = await Promise.all(all);
  return responses.map(({ status, headers }) => [status, headers.get("x-in-vm"), headers.get("x-in-all")]);
}

onFour("connections are spread over the workers, each with a VM of its own", async ({ proxy, upstream }) => {
  const eight = await atOnce({ proxy, upstream }, 8, 8);

  expect(eight).toEqual(Array.from({ length: 8 }, () => [200, "2", "8"]));
});

onFour("requests of one connection have one worker", async ({ proxy }) => {
  for (const seen of ["1", "2", "3"]) expect((await proxy.get("/")).headers.get("x-in-vm")).toBe(seen);
});

const shown = { needs: ["virtual-clock"], envoy: { concurrency: 2 } } as const;
chainTest([starting("one")], shown)("a transcript says which thread a call is of", async ({ proxy }) => {
  await proxy.clock.advance(1);
  await proxy.settled();

  const threads = ["main thread", "worker 1", "worker 2"];
  const ticks = proxy.transcript.filter(({ name }) => name === "proxy_on_tick");
  expect(ticks.map(({ thread }) => thread)).toEqual(threads);
  const lines = String(proxy.transcript).matchAll(/\[(.*)\] proxy_on_tick\(context 1\)$/gm);
  expect([...lines].map(([, thread]) => thread)).toEqual(threads);
});

const struck = { allowTraps: true, needs: ["faults"], envoy: { concurrency: 1 } } as const;
chainTest([starting("one")], struck)(
  "a trap on the main thread is none of the streams",
  async ({ proxy }) => {
    proxy.faults.trap("proxy_on_tick", { nth: 1 });
    await proxy.clock.advance(1);

    expect(await proxy.get("/")).toHaveStatus(200);
    await proxy.settled();
    expect(proxy.traps).toHaveLength(1);
    expect(proxy.logs.map(({ message }) => message)).toEqual(["ticked"]); // on the worker
  },
);

const counting = { filter: "metrics", configuration: { labels: [], histograms: [] } } as const;
chainTest([counting], { envoy: { concurrency: 4 } })(
  "each thread has a gauge of its own",
  async ({ proxy, upstream }) => {
    await atOnce({ proxy, upstream }, 8, 8);
    const gauges = async (): Promise<string[]> => {
      if (isVirtual) await proxy.clock.advance(1_000);
      await proxy.settled();
      return proxy.stats.names().filter((name) => name.startsWith("metrics.active_requests"));
    };
    await expect.poll(async () => (await gauges()).length, { interval: 5 }).toBe(5);

    for (const name of await gauges()) expect(proxy.stats).toHaveGauge(name, 0);
  },
);

onFour("a trap takes the VM of one worker", async ({ proxy, upstream }) => {
  expect(await proxy.get("/", { headers: { "x-trap": "request_headers" } })).toHaveStatus(503);

  const statuses = (await atOnce({ proxy, upstream }, 4, 3)).map(([status]) => status);
  expect(statuses.toSorted()).toEqual([200, 200, 200, 503]);
});
