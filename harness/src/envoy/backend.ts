import { readFile } from "node:fs/promises";
import { allPlugins } from "../all-plugins.ts";
import type { EnvoySettings, RunningProxy, Scenario, StartBackend } from "../backend.ts";
import { Admin } from "./admin.ts";
import { bootstrap, proxyListener, scenarioListener } from "./bootstrap.ts";
import { Disposals } from "./disposals.ts";
import { EnvoyProcess } from "./envoy-process.ts";
import { requireEnvoy, type EnvoyBinary } from "./find.ts";
import { GrpcServer } from "./grpc-server.ts";
import { HttpClient } from "./http-client.ts";
import { ListenerUpdates } from "./listener-updates.ts";
import { logFormat } from "./log-line.ts";
import { refusal } from "./refusal.ts";
import { RunningEnvoy } from "./running-envoy.ts";
import { UpstreamServer } from "./upstream-server.ts";
import { isAtLeast } from "./version.ts";
import { WorkerBarrier } from "./worker-barrier.ts";

/**
 * Starts the Envoy of this machine, wherever `findEnvoy` has it from. Refused with `envoy_not_available`. The transcript
 * is filled at log level trace only, and at critical Envoy says nothing of traps and refusals.
 */
export const startEnvoyBackend: StartBackend = async (scenario) =>
  startEnvoy(scenario, await requireEnvoy(scenario.envoy));

export interface StartOptions extends Pick<EnvoyBinary, "path" | "version"> {
  /** How long it may take until it serves; compiling a large module is part of it. Default 20 s. */
  readonly startMs?: number;
  /** How long a request may take until its response is complete. Default 10 s. */
  readonly requestMs?: number;
}

/**
 * Starts one Envoy for a scenario and resolves when it serves. Refused with `configuration_refused`, `port_in_use`,
 * `envoy_exited` or `timeout`; nothing is left behind then.
 */
export async function startEnvoy(scenario: Scenario, options: StartOptions): Promise<RunningProxy> {
  const all = new Disposals();
  try {
    return await start(scenario, options, all);
  } catch (error) {
    await all[Symbol.asyncDispose]();
    throw error;
  }
}

async function start(scenario: Scenario, options: StartOptions, all: Disposals): Promise<RunningProxy> {
  const upstream = all.add(await UpstreamServer.start(scenario.upstream));
  const clusters: Record<string, UpstreamServer> = {};
  for (const [name, service] of Object.entries(scenario.clusters))
    clusters[name] = all.add(await UpstreamServer.start(service));
  const grpcClusters: Record<string, GrpcServer> = {};
  for (const [name, service] of Object.entries(scenario.grpcClusters))
    grpcClusters[name] = all.add(await GrpcServer.start(service));
  const process = all.add(
    new EnvoyProcess({
      binary: options.path,
      flags: flags(scenario, options.version),
      configuration: bootstrap(scenario, {
        upstream: upstream.port,
        clusters: portsOf(clusters),
        grpcClusters: portsOf(grpcClusters),
      }),
      ...(scenario.isUpdatable ? { listeners: [scenarioListener(scenario, scenario)] } : {}),
      plugins: allPlugins(scenario),
    }),
  );
  const connecting = connected(process, scenario.envoy, async (updates) => {
    if (scenario.isUpdatable) await updates.next(withAllPlugins(scenario));
  });
  const { admin, barrier, updates, port } = await process.within(connecting, {
    ms: options.startMs ?? 20_000,
    what: () => 'Envoy has not logged "starting main dispatch loop", which it does when it serves',
    gone: (exitCode) => refusal(process.log, exitCode, withAllPlugins(scenario)),
  });
  all.add(admin);
  all.add(barrier);
  const client = all.add(new HttpClient(port));
  return new RunningEnvoy({
    scenario,
    process,
    admin,
    barrier,
    updates,
    client,
    upstream,
    clusters,
    grpcClusters,
    all,
    requestMs: options.requestMs ?? 10_000,
  });
}

/** The ports of services by the names of their clusters. */
export function portsOf(
  servers: Readonly<Record<string, { readonly port: number }>>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(servers).map(([name, { port }]) => [name, port]));
}

/** Ways into an Envoy that serves. */
export interface Connections {
  readonly admin: Admin;
  readonly barrier: WorkerBarrier;
  readonly updates: ListenerUpdates;
  /** Where the proxy listens. */
  readonly port: number;
}

/** Whichever plugin is refused, one of these is it. */
function withAllPlugins(scenario: Scenario): Scenario {
  return { ...scenario, plugins: allPlugins(scenario) };
}

/** Waits until Envoy serves, and connects to its main thread and its workers. */
export async function connected(
  process: EnvoyProcess,
  envoy: EnvoySettings,
  hasListener: (updates: ListenerUpdates) => Promise<void> = async () => undefined,
): Promise<Connections> {
  await process.log.ready.reached(1);
  const admin = new Admin(await readFile(process.adminAddressFile, "utf8"), process.log);
  const updates = new ListenerUpdates(admin, process);
  await hasListener(updates);
  const port = await admin.listenerPort(proxyListener);
  return { admin, port, updates, barrier: await WorkerBarrier.open(admin, envoy.concurrency) };
}

type Flagged = Pick<Scenario, "logLevel" | "envoy"> & Partial<Pick<Scenario, "isUpdatable">>;

/** One line an entry on stderr, what was asked for from `wasm`, and access log lines as soon as they are written. */
export function flags({ logLevel, envoy, isUpdatable = false }: Flagged, version: string): string[] {
  const level = logLevel === "warn" ? "warning" : logLevel;
  return [
    "--disable-hot-restart",
    ...["--concurrency", String(envoy.concurrency)],
    ...(isUpdatable ? ["--drain-time-s", "0"] : []), // what an update replaces is to go at once
    ...["--log-format", logFormat, "--log-format-escaped"],
    ...["--component-log-level", `wasm:${level},admin:debug`],
    ...(isAtLeast(version, "1.37")
      ? ["--file-flush-min-size-kb", "0", "--file-flush-interval-msec", "1000"]
      : ["--file-flush-interval-msec", "2"]), // the size that is written at once is fixed there
  ];
}
