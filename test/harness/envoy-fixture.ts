import { test as base } from "vitest";
import {
  observingNothing,
  type EnvoySettings,
  type RunningProxy,
  type Scenario,
} from "../../harness/src/backend.ts";
import { startEnvoy } from "../../harness/src/envoy/backend.ts";
import { findEnvoy, requireEnvoy, type EnvoyBinary } from "../../harness/src/envoy/find.ts";
import { loadUncheckedModule } from "../../harness/src/module/load.ts";
import type { LogLevel } from "../../harness/src/observation.ts";
import { Upstream } from "../../harness/src/upstream.ts";
import { guest } from "../guests/guest.ts";
import { isCi } from "./requires-ci.ts";

/** What a test says of its scenario; the rest has defaults. */
export interface Wanted {
  /** As `test/guests/guest.ts` names them; not checked, for some are unsound. */
  guests?: readonly string[];
  configuration?: string;
  logLevel?: LogLevel;
  envoy?: Partial<EnvoySettings>;
  /** Of each plugin, in the order of the guests; default `plugin-0`, … */
  names?: readonly string[];
  requestMs?: number;
}

interface EnvoyFixtures {
  upstream: Upstream;
  /** The Envoy of this machine; without one the test is skipped, and fails in CI. */
  envoy: EnvoyBinary;
  /** Starts a proxy that ends with the test. */
  start: (wanted?: Wanted) => Promise<RunningProxy>;
}

export const test = base.extend<EnvoyFixtures>({
  upstream: async ({}, use) => use(new Upstream()),
  envoy: async ({ skip }, use) => {
    const found = isCi ? await requireEnvoy() : await findEnvoy();
    if (found === null) skip("no Envoy on this machine");
    else await use(found);
  },
  start: async ({ envoy, upstream }, use) => {
    const started: RunningProxy[] = [];
    await use(async (wanted = {}) => {
      const { requestMs = 60_000 } = wanted;
      const proxy = await startEnvoy(await scenario(upstream, wanted), { ...envoy, requestMs });
      started.push(proxy);
      return proxy;
    });
    for (const proxy of started) await proxy[Symbol.asyncDispose]();
  },
});

export async function scenario(upstream: Upstream, wanted: Wanted = {}): Promise<Scenario> {
  const { guests = ["raw/passes"], names = [], configuration = "", logLevel = "info", envoy = {} } = wanted;
  const modules = await Promise.all(guests.map((name) => loadUncheckedModule(guest(name))));
  return {
    plugins: modules.map((module, i) => ({
      name: names[i] ?? `plugin-${i}`,
      rootId: "root",
      vmId: `vm-${i}`,
      vmConfiguration: new Uint8Array(),
      allowOnHeadersStopIteration: false,
      module,
      configuration: new TextEncoder().encode(configuration),
    })),
    accessLoggers: [],
    services: [],
    isConfigDiscovered: false,
    observing: observingNothing,
    upstream,
    clusters: {},
    grpcClusters: {},
    virtualHost: { name: "proxy", metadata: {}, routes: [{ name: "", prefix: "/", metadata: {} }] },
    logLevel,
    envoy: { port: 0, concurrency: 1, ...envoy },
  };
}
