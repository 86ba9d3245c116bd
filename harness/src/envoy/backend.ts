import { readFile } from "node:fs/promises";
import type { RunningProxy, Scenario, StartBackend } from "../backend.ts";
import { Admin } from "./admin.ts";
import { bootstrap, proxyListener } from "./bootstrap.ts";
import { Disposals } from "./disposals.ts";
import { EnvoyProcess } from "./envoy-process.ts";
import { requireEnvoy } from "./find.ts";
import { GrpcServer } from "./grpc-server.ts";
import { HttpClient } from "./http-client.ts";
import { logFormat } from "./log-line.ts";
import { refusal } from "./refusal.ts";
import { RunningEnvoy } from "./running-envoy.ts";
import { UpstreamServer } from "./upstream-server.ts";
import { WorkerBarrier } from "./worker-barrier.ts";

/**
 * Starts the Envoy of this machine, wherever `findEnvoy` has it from. Refused with `envoy_not_available`. The transcript
 * is filled at log level trace only, and at critical Envoy says nothing of traps and refusals.
 */
export const startEnvoyBackend: StartBackend = async (scenario) => startEnvoy(scenario, await requireEnvoy());

export interface StartOptions {
  /** The program to start. */
  readonly path: string;
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
      flags: flags(scenario),
      configuration: bootstrap(scenario, {
        upstream: upstream.port,
        clusters: portsOf(clusters),
        grpcClusters: portsOf(grpcClusters),
      }),
      plugins: scenario.plugins,
    }),
  );
  const { admin, barrier, port } = await process.within(connected(process, scenario), {
    ms: options.startMs ?? 20_000,
    what: () => 'Envoy has not logged "starting main dispatch loop", which it does when it serves',
    gone: (exitCode) => refusal(process.log, exitCode, scenario),
  });
  all.add(admin);
  all.add(barrier);
  const client = all.add(new HttpClient(port));
  return new RunningEnvoy({
    process,
    admin,
    barrier,
    client,
    upstream,
    clusters,
    grpcClusters,
    all,
    requestMs: options.requestMs ?? 10_000,
  });
}

function portsOf(servers: Readonly<Record<string, { readonly port: number }>>): Record<string, number> {
  return Object.fromEntries(Object.entries(servers).map(([name, { port }]) => [name, port]));
}

interface Connections {
  readonly admin: Admin;
  readonly barrier: WorkerBarrier;
  /** Where the proxy listens. */
  readonly port: number;
}

async function connected(process: EnvoyProcess, { envoy }: Scenario): Promise<Connections> {
  await process.log.ready.reached(1);
  const admin = new Admin(await readFile(process.adminAddressFile, "utf8"), process.log);
  const port = await admin.listenerPort(proxyListener);
  return { admin, port, barrier: await WorkerBarrier.open(admin, envoy.concurrency) };
}

/** One line an entry on stderr, what was asked for from `wasm`, and access log lines as soon as they are written. */
function flags({ logLevel, envoy }: Scenario): string[] {
  const level = logLevel === "warn" ? "warning" : logLevel;
  return [
    "--disable-hot-restart",
    ...["--concurrency", String(envoy.concurrency)],
    ...["--log-format", logFormat, "--log-format-escaped"],
    ...["--component-log-level", `wasm:${level},admin:debug`],
    ...["--file-flush-min-size-kb", "0", "--file-flush-interval-msec", "1000"],
  ];
}
