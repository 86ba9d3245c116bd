import { EnvoyPool, startProxy } from "proxy-wasm-harness";
import { expect } from "vitest";
import { startEnvoy } from "../../harness/src/envoy/backend.ts";
import type { RunningEnvoy } from "../../harness/src/envoy/running-envoy.ts";
import { Upstream } from "../../harness/src/upstream.ts";
import { guest } from "../guests/guest.ts";
import { scenario, test } from "./envoy-fixture.ts";
import { requiresEnvoy } from "./requires-envoy.ts";

test("a new Envoy has its first listener in its first answers", async ({ envoy }) => {
  await using running = (await startEnvoy(await scenario(new Upstream()), envoy)) as RunningEnvoy;

  const { exchanges } = running["lease"].envoy.controlPlane;
  const responses = exchanges.filter(({ kind }) => kind === "response");
  expect(responses.map(({ names }) => names)).toEqual([["upstream"], ["proxy"]]);
});

test("where a logger is to be at another level, the listener comes when it is", async ({ envoy }) => {
  const wanted = await scenario(new Upstream());
  const observing = { ...wanted.observing, logLevels: { config: "debug" } } as const;
  await using running = (await startEnvoy({ ...wanted, observing }, envoy)) as RunningEnvoy;

  const { exchanges } = running["lease"].envoy.controlPlane;
  const responses = exchanges.filter(({ kind }) => kind === "response");
  expect(responses.map(({ names }) => names)).toEqual([[], [], ["upstream"], ["proxy"]]);
});

test("the first user of a pool's Envoy hears what its filter said while Envoy started, as the next one does", async ({
  skip,
}) => {
  await requiresEnvoy(skip);
  await using pool = new EnvoyPool();
  const heard: string[][] = [];
  for (let user = 0; user < 2; user++) {
    await using proxy = await startProxy({
      ...{ backend: "envoy", envoy: { pool } },
      chain: [{ filter: guest("foreign"), configuration: { declare: "mine" } }],
    });
    heard.push(proxy.startLogs.map(({ message, source }) => `${source}: ${message}`));
  }

  expect(heard[0]).not.toEqual([]);
  expect(heard[0]).toEqual(heard[1]);
});

test.for([[{}], [{ tracing: true }], [{ accessLog: true }]] as const)(
  "an Envoy of its own has a collector only where somebody observes: %o",
  async ([observing], { skip }) => {
    await requiresEnvoy(skip);
    await using proxy = await startProxy({ backend: "envoy", chain: [], ...observing });

    const hasCollector = (await proxy.admin.get("/clusters")).includes("proxy-wasm-harness-collector::");
    expect(hasCollector).toBe(Object.keys(observing).length > 0);
  },
);
