import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { EnvoyPool, startProxy, Upstream, type ProxyOptions, type StartedProxy } from "proxy-wasm-harness";
import { listener, startScenario } from "proxy-wasm-harness/scenario";
import { expect } from "proxy-wasm-harness/vitest";
import { beforeEach, test } from "vitest";
import { guest } from "../guests/guest.ts";
import { requiresEnvoy } from "./requires-envoy.ts";

beforeEach(({ skip }) => requiresEnvoy(skip));

const options: ProxyOptions = {
  backend: "envoy",
  chain: [{ filter: guest("metrics") }],
  tracing: true,
  accessLog: { requestHeaders: ["x-who"] },
  envoyLogLevels: { router: "debug" },
};

/** What one user of an Envoy does; each has counts, samples, lines, spans and entries that the other has not. */
type Use = (proxy: StartedProxy) => Promise<void>;

const sound: Use = async (proxy) => {
  await proxy.get("/sound", {
    headers: { "x-who": "sound", "x-record": "7", "x-add": "2", "x-subtract": "2" },
  });
  await proxy.settled();

  expect(seen(proxy)).toEqual({
    counted: 1,
    gauge: 0,
    sizes: { count: 1, sum: 7 },
    times: { count: 1, sum: expect.any(Number) as number },
    spans: ["server sound", "client sound"],
    entries: ["/sound sound"],
    urls: ["/sound"],
    traps: 0,
  });
};

const noisy: Use = async (proxy) => {
  for (const record of ["8", "9", "1200"])
    await proxy.get("/noisy", { headers: { "x-who": "noisy", "x-record": record, "x-set": "0" } });
  await proxy.settled();

  expect(seen(proxy)).toMatchObject({
    ...{ counted: 3, gauge: 0, sizes: { count: 3, sum: 1217 }, times: { count: 3 }, traps: 0 },
    entries: ["/noisy noisy", "/noisy noisy", "/noisy noisy"],
    urls: ["/noisy", "/noisy", "/noisy"],
  });
  expect(proxy.spans).toHaveLength(6);
};

function seen({ stats, spans, accessLog, envoyLogs, traps }: StartedProxy): object {
  return {
    counted: stats.get("metrics.counted"),
    gauge: stats.get("metrics.gauge") ?? 0,
    sizes: stats.histogram("metrics.sizes_bytes"),
    times: stats.histogram("http.proxy.downstream_rq_time"),
    spans: spans.map(({ kind }) => `${kind} ${accessLog[0]?.requestHeaders?.["x-who"]}`),
    entries: accessLog.map(({ path, requestHeaders }) => `${path} ${requestHeaders?.["x-who"]}`),
    urls: envoyLogs.flatMap(({ message }) => /'upstream' match for URL '(.*)'/.exec(message)?.[1] ?? []),
    traps: traps.length,
  };
}

async function inTurn(pool: EnvoyPool, uses: readonly Use[]): Promise<void> {
  for (const use of uses) {
    await using proxy = await startProxy({ ...options, envoy: { pool } });
    await use(proxy);
  }
}

test.for([
  ["one after the other", [sound, noisy]],
  ["in the other order", [noisy, sound]],
  ["twice", [sound, sound, noisy, noisy]],
] as const)("users of an Envoy do not see each other, %s", async ([, uses]) => {
  await using pool = new EnvoyPool();

  await inTurn(pool, uses);
});

test("a user does not see a trap of the one before", async () => {
  await using pool = new EnvoyPool();
  {
    const chain = [{ filter: guest("traps"), configuration: { in: "request_headers", how: "unreachable" } }];
    await using trapping = await startProxy({ ...options, chain, allowTraps: true, envoy: { pool } });
    await trapping.get("/trapped");
    await trapping.settled();
    expect(trapping.traps).toHaveLength(1);
    expect(trapping.spans).toHaveSpan({ attributes: { "http.status_code": "503" } });
  }

  await inTurn(pool, [sound]);
});

test("a user does not see the streams that the one before left open", async () => {
  await using pool = new EnvoyPool();
  const upstream = new Upstream();
  using gate = upstream.hold();
  {
    await using leaving = await startProxy({ ...options, upstream, envoy: { pool } });
    leaving.get("/left", { headers: { "x-who": "left", "x-record": "5" } }).catch(() => undefined);
    await gate.arrived();
  }

  await inTurn(pool, [sound, noisy]);
});

test("a user does not see what the filters of the one before count while they end, and after", async () => {
  await using pool = new EnvoyPool();
  const start = (configuration: string): Promise<StartedProxy> =>
    startProxy({
      backend: "envoy",
      chain: [{ filter: guest("raw/counts-early"), configuration }],
      envoy: { pool },
    });
  for (let i = 0; i < 3; i++) {
    {
      await using counting = await start("count");
      await counting.settled();
      expect(counting.stats.get("counts_early.configured")).toBe(3); // a canary, the main thread and a worker
      expect(counting.stats.histogram("counts_early.samples")).toEqual({ count: 3, sum: 21 });
    }
    await using silent = await start("");
    await silent.settled();
    for (const name of ["configured", "ticks", "ended"])
      expect(silent.stats.get(`counts_early.${name}`), name).toBe(0);
    expect(silent.stats.histogram("counts_early.samples")).toEqual({ count: 0, sum: 0 });
  }
});

test("an Envoy that has had users shows a later one its own listeners and modules alone, and keeps their code", async () => {
  await using pool = new EnvoyPool();
  await inTurn(pool, [sound]);
  await using proxy = await startProxy({ ...options, envoy: { pool } });

  expect((await proxy.admin.listeners()).map(({ name }) => name)).toEqual([
    expect.stringMatching(/^proxy(~\d+)?$/),
  ]);
  expect(await proxy.admin.modules()).toMatchObject([{ plugin: "metrics" }]);
  const listeners = await proxy.admin.get("/config_dump?resource=dynamic_listeners&name_regex=.*-code");
  expect(listeners).toContain(`"filename": "${guest("metrics")}"`);
});

test("an Envoy is used again though the file of a module is gone", async () => {
  await using pool = new EnvoyPool();
  const folder = await mkdtemp(path.join(tmpdir(), "proxy-wasm-isolation-"));
  const filter = path.join(folder, "metrics.wasm");
  await copyFile(guest("metrics"), filter);
  const processes = new Set<string>();
  for (const chain of [[{ filter }], options.chain]) {
    await using proxy = await startProxy({ ...options, chain, envoy: { pool } });
    await sound(proxy);
    processes.add(/"config_path": ".*"/.exec(await proxy.admin.get("/server_info"))?.[0] ?? "");
    await rm(folder, { recursive: true, force: true });
  }

  expect([...processes]).toEqual([expect.stringContaining("envoy.json")]);
});

test("an Envoy in whose gauges something is left has no other user", async () => {
  await using pool = new EnvoyPool();
  {
    await using leaving = await startProxy({ ...options, envoy: { pool } });
    await leaving.get("/", { headers: { "x-add": "7" } });
    await leaving.settled();
    expect(leaving.stats.get("metrics.gauge")).toBe(7);
  }

  await using proxy = await startProxy({ ...options, envoy: { pool } });

  expect(await proxy.admin.get("/stats?filter=metrics.gauge")).not.toContain("metrics.gauge: 7");
});

test("a level that one user asks for is not the next one's", async () => {
  await using pool = new EnvoyPool();
  await inTurn(pool, [sound]);
  await using proxy = await startProxy({ ...options, envoyLogLevels: {}, envoy: { pool } });

  await proxy.get("/");
  await proxy.settled();

  expect(proxy.envoyLogs.filter(({ level }) => level === "debug")).toEqual([]);
});

test("each listener of a later user has a port of its own", async () => {
  await using pool = new EnvoyPool();
  const names = ["a", "b", "c"];
  for (let i = 0; i < 2; i++) {
    await using mesh = await startScenario(
      { listeners: names.map((name) => listener(name, { routes: [] })) },
      { envoy: { pool } },
    );
    const addresses = await Promise.all(names.map((name) => mesh.address(name)));

    expect(new Set(addresses.map(({ port }) => port)).size).toBe(3);
  }
});

test("each user of an Envoy is told why its own configuration was refused", async () => {
  await using pool = new EnvoyPool();
  const rules = [{ allow: { header: "x", present: true } }];
  const refusalOf = (key: string): Promise<unknown> =>
    startProxy({
      backend: "envoy",
      chain: [{ filter: "header-authz", configuration: JSON.stringify({ rules, [key]: 1 }) }],
      envoy: { pool },
    }).catch((error: unknown) => error);

  for (const key of ["first", "second", "third"])
    expect(await refusalOf(key)).toMatchObject({
      code: "configuration_refused",
      message: expect.stringMatching(new RegExp(`configuration refused: ${key} \\(line 1\\)`)) as string,
    });
});
