import { HarnessError, startProxy, type PluginOptions, type StartedProxy } from "proxy-wasm-harness";
import { chainTest, expect, type FilterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { requiresCi } from "../harness/requires-ci.ts";
import { backend, inProject, test as ofProject } from "../project.ts";

const isVirtual = backend === "embedded";
const never = 600_000;
const policies = [
  { failurePolicy: "FAIL_CLOSED" },
  { failurePolicy: "FAIL_OPEN" },
  { failurePolicy: "FAIL_RELOAD", reloadIntervalMs: never },
] as const;

const plugin = (options: Omit<PluginOptions, "filter"> = {}): PluginOptions => ({
  filter: guest("traps-when-asked"),
  ...options,
});
const trapping = (options: Omit<PluginOptions, "filter">): FilterTest =>
  chainTest([plugin(options)], { allowTraps: true });
const trap = (callback = "request_headers") => ({ headers: { "x-trap": callback } });

/** The status, and how many requests the VM has seen, or null of one that it has not. */
async function ask(
  proxy: StartedProxy,
  options: object = {},
): Promise<[status: number, seen: string | null]> {
  const { status, headers } = await proxy.get("/", options);
  return [status, headers.get("x-in-vm")];
}

const seldom = trapping({ failurePolicy: "FAIL_RELOAD", reloadIntervalMs: 2 ** 32 });

seldom("an interval of weeks is waited for as any other", async ({ proxy }) => {
  expect(await proxy.get("/", trap())).toHaveStatus(503);

  expect(await ask(proxy)).toEqual([503, null]);
});

describe.for(policies)("$failurePolicy", (failing) => {
  const test = trapping(failing);
  const passes = failing.failurePolicy === "FAIL_OPEN" ? 200 : 503;

  test("the request that traps is refused, and what follows is or is not", async ({ proxy, upstream }) => {
    expect(await ask(proxy)).toEqual([200, "1"]);
    const refused = await proxy.get("/", trap());
    expect([refused.status, refused.text()]).toEqual([503, ""]);
    for (let i = 0; i < 3; i++) expect(await ask(proxy)).toEqual([passes, null]);

    expect(upstream.requests).toHaveLength(passes === 200 ? 4 : 1);
    await proxy.settled();
    expect(proxy.traps).toHaveLength(1);
    expect(proxy.accessLog[1]).toMatchObject({ status: 503, details: "wasm_fail_stream" });
  });

  test("a stream whose VM has trapped is refused when its response comes", async ({ proxy, upstream }) => {
    const gate = upstream.hold();
    const waiting = ask(proxy);
    await gate.arrived(1);
    expect(await ask(proxy, trap())).toEqual([503, null]);
    gate.release();

    expect(await waiting).toEqual([503, null]);
  });

  test("a trap in the request's body is answered with 503", async ({ proxy }) => {
    expect(await proxy.post("/", "abc", trap("request_body"))).toHaveStatus(503);
    expect(await ask(proxy)).toEqual([passes, null]);
  });

  test("a trap in the response's headers is answered with 503", async ({ proxy }) => {
    expect(await ask(proxy, trap("response_headers"))).toEqual([503, null]);
    expect(await ask(proxy)).toEqual([passes, null]);
  });

  test("a trap in the response's body cuts it", async ({ proxy, upstream }) => {
    upstream.respond({ body: "a body" });
    await expect(proxy.get("/", trap("response_body"))).rejects.toMatchObject({ code: "internal" });

    expect(await ask(proxy)).toEqual([passes, null]);
    await proxy.settled();
    expect(proxy.accessLog[0]).toMatchObject({ status: 200 });
  });

  for (const callback of ["log", "done"])
    test(`a trap in proxy_on_${callback} is none of its stream's`, async ({ proxy }) => {
      expect(await ask(proxy, trap(callback))).toEqual([200, "1"]);
      await proxy.settled();
      expect(await ask(proxy)).toEqual([passes, null]);
    });

  ofProject("a stream that is held when its VM traps is held for ever", async ({ envoys, skip }) => {
    if (!isVirtual) requiresCi(skip); // for ten seconds, until the harness gives the request up
    const chain = [plugin(failing)];
    await using proxy = await startProxy({ ...inProject(envoys), chain, allowTraps: true });
    const held = proxy.get("/", { headers: { "x-hold": "" } }).catch(HarnessError.from);
    await holds(proxy);
    expect(await ask(proxy, trap())).toEqual([503, null]);

    expect(await held).toMatchObject({ code: isVirtual ? "stream_stuck" : "timeout" });
  });
});

/** Waits until a request is held; where there are no threads it is at once. */
async function holds(proxy: StartedProxy): Promise<void> {
  if (isVirtual) return;
  let asked = 0;
  await expect
    .poll(async () => Number((await proxy.get("/")).headers.get("x-in-vm")) - ++asked, { interval: 5 })
    .toBe(1);
}

/** Asks until there is a new VM; where time is virtual, once it has passed. */
async function comesBack(proxy: StartedProxy, ms: number): Promise<Array<string | null>> {
  let back: Array<string | null> = [];
  if (isVirtual) await proxy.clock.advance(1.5 * ms);
  const status = async (): Promise<number> => {
    const response = await proxy.get("/");
    back = ["x-in-vm", "x-in-all"].map((name) => response.headers.get(name));
    return response.status;
  };
  await expect.poll(status, { interval: 5 }).toBe(200);
  return back;
}

const ofReloads = (name: string) => (outcome: string) => `wasm.${name}.vm_reload_${outcome}`;

trapping({ name: "soon", failurePolicy: "FAIL_RELOAD", reloadIntervalMs: 20 })(
  "a new VM has lost what the old one knew, and shared data is kept",
  async ({ proxy }) => {
    expect(await ask(proxy)).toEqual([200, "1"]);
    await proxy.get("/", trap());

    expect(await comesBack(proxy, 20)).toEqual(["1", "3"]);
    await proxy.settled();
    expect(proxy.stats).toHaveCounter(ofReloads("soon")("success"), 1);
    expect(proxy.stats).toHaveCounter(ofReloads("soon")("failure"), 0);
  },
);

trapping({ name: "late", failurePolicy: "FAIL_RELOAD", reloadIntervalMs: never })(
  "requests that come before the interval is over are refused and counted",
  async ({ proxy }) => {
    await proxy.get("/", trap());
    for (let i = 0; i < 3; i++) expect(await ask(proxy)).toEqual([503, null]);
    await proxy.settled();

    expect(proxy.stats).toHaveCounter(ofReloads("late")("backoff"), 3);
    expect(proxy.stats).toHaveCounter(ofReloads("late")("success"), 0);
  },
);

trapping({ name: "broken", failurePolicy: "FAIL_RELOAD", reloadIntervalMs: 20 })(
  "a VM that cannot be loaded again is tried again",
  async ({ proxy }) => {
    await proxy.get("/", { headers: { "x-trap": "request_headers", "x-break": "" } });
    const failed = async (): Promise<number | null> => {
      if (isVirtual) await proxy.clock.advance(30);
      expect(await ask(proxy)).toEqual([503, null]);
      await proxy.settled();
      return proxy.stats.get(ofReloads("broken")("failure"));
    };
    await expect.poll(failed, { interval: 5 }).toBe(2);

    expect(proxy.traps.map(({ callback }) => callback)).toEqual([
      ...["proxy_on_request_headers", "proxy_on_configure", "proxy_on_configure"],
    ]);
    expect(proxy.stats).toHaveCounter(ofReloads("broken")("success"), 0);
  },
);

const two = ["one", "two"].map((name) =>
  plugin({ name, failurePolicy: "FAIL_RELOAD", reloadIntervalMs: 20 }),
);
chainTest(two, { allowTraps: true })("plugins of one VM come back in one VM", async ({ proxy }) => {
  expect(await ask(proxy)).toEqual([200, "2"]);
  await proxy.get("/", trap());

  const [seen] = await comesBack(proxy, 20);
  expect(Number(seen)).toBeGreaterThanOrEqual(2); // Envoy draws lots for each plugin: one may come back before the other
  await proxy.settled();
  for (const name of ["one", "two"]) expect(proxy.stats).toHaveCounter(ofReloads(name)("success"), 1);
});

/** How many streams the access logger has told of. */
async function told(proxy: StartedProxy): Promise<number> {
  await proxy.settled();
  return proxy.logs.filter(({ message }) => message === "logged").length;
}

const logger = { filter: guest("raw/logs-unless-asked-to-trap"), name: "logger" };
for (const failing of policies)
  chainTest([], { accessLoggers: [{ ...logger, ...failing }], allowTraps: true })(
    `an access logger that has trapped tells of no stream, and lets all pass, under ${failing.failurePolicy}`,
    async ({ proxy }) => {
      for (const headers of [{}, { "x-trap": "" }, {}])
        expect(await proxy.get("/", { headers })).toHaveStatus(200);

      expect(await told(proxy)).toBe(1);
      expect(proxy.traps).toMatchObject([{ callback: "proxy_on_log" }]);
    },
  );

const soon = { failurePolicy: "FAIL_RELOAD", reloadIntervalMs: 20 } as const;
chainTest([], { accessLoggers: [{ ...logger, ...soon }], allowTraps: true })(
  "an access logger gets a new VM as a filter does",
  async ({ proxy }) => {
    await proxy.get("/", { headers: { "x-trap": "" } });
    await proxy.settled();
    if (isVirtual) await proxy.clock.advance(30);
    await expect.poll(async () => (await proxy.get("/"), told(proxy)), { interval: 5 }).toBe(1);

    expect(proxy.stats).toHaveCounter(ofReloads("logger")("success"), 1);
  },
);

/** Of the default, a second. */
const within = { allowTraps: true, needs: ["virtual-clock"] } as const;
const reloads = chainTest([plugin({ failurePolicy: "FAIL_RELOAD" })], within);

reloads(
  "a new VM comes a second after the last was loaded, or up to half a second later",
  async ({ proxy }) => {
    await proxy.get("/", trap());
    await proxy.clock.advance(999);
    expect(await ask(proxy)).toEqual([503, null]);
    await proxy.clock.advance(501);
    expect(await ask(proxy)).toEqual([200, "1"]);
  },
);

reloads("a load that fails counts as one", async ({ proxy }) => {
  await proxy.get("/", { headers: { "x-trap": "request_headers", "x-break": "" } });
  await proxy.clock.advance(1_500);
  for (let i = 0; i < 3; i++) expect(await ask(proxy)).toEqual([503, null]);
  await proxy.settled();

  const reloaded = ofReloads("traps-when-asked");
  expect(proxy.stats).toHaveCounter(reloaded("failure"), 1);
  expect(proxy.stats).toHaveCounter(reloaded("backoff"), 2);
});

reloads("a VM that traps long after it was loaded is replaced at once", async ({ proxy }) => {
  await proxy.clock.advance(1_500);
  expect(await ask(proxy, trap())).toEqual([503, null]);
  expect(await ask(proxy)).toEqual([200, "1"]);
  expect(await ask(proxy, trap())).toEqual([503, null]);
  expect(await ask(proxy)).toEqual([503, null]);
});
