import { Collector } from "../collector/collector.ts";
import type { LogLevel } from "../observation.ts";
import { ControlPlane } from "../xds/control-plane.ts";
import type { Resource } from "../xds/resource.ts";
import { Admin, type ListenerPorts } from "./admin.ts";
import { barrierListener } from "../own-names.ts";
import { bootstrapFor, type EnvoySetup } from "./bootstrap.ts";
import type { Disposals } from "./disposals.ts";
import type { EnvoySite, LocalFiles } from "./envoy-site.ts";
import { refusal, type Refused } from "./refusal.ts";
import type { SupervisedEnvoy } from "./supervised-envoy.ts";
import { WorkerBarrier } from "./worker-barrier.ts";

export interface EnvoyOptions {
  /** What to start, and where. */
  readonly site: EnvoySite;
  readonly setup: EnvoySetup;
  /** Worker threads. */
  readonly concurrency: number;
  /** How long what an update replaces may go on with the connections that it has. Default 0. */
  readonly drainSeconds?: number;
  /** Of Envoy's `wasm` logger. */
  readonly logLevel: LogLevel;
  /** What it is to do as soon as it serves. Default nothing. */
  readonly first?: FirstUse | undefined;
  /** How long it may take until it serves; compiling a large module is part of it. Default 20 s. */
  readonly startMs?: number | undefined;
  /** Somebody may want to have its access logs and traces. Default true. */
  readonly isObserved?: boolean;
  /** What the base of its setup reads and writes. Default nothing. */
  readonly files?: LocalFiles;
}

/** What waits for an Envoy that is not there yet: it is told while it starts, and not when it serves. */
export interface FirstUse {
  /** The resources, which may be built while Envoy starts. */
  readonly resources: () => Promise<readonly Resource[]>;
  readonly refused: Refused;
}

/** Ways into an Envoy that serves. */
export interface EnvoyParts {
  readonly process: SupervisedEnvoy;
  readonly admin: Admin;
  readonly barrier: WorkerBarrier;
  readonly controlPlane: ControlPlane;
  readonly collector: Collector;
  /** Where its listeners were bound when it served. */
  readonly ports: ListenerPorts;
  /** Whether it had what it was told before its workers started. */
  readonly wasTold: boolean;
}

/**
 * How long an Envoy may take to answer: it compiles a module of some megabytes for seconds, on a busy machine for ten, and
 * answers nobody meanwhile.
 */
export const answerMs = 30_000;

/** Starts an Envoy and what it has in this process; all of it is added to `all`. Refused as `Envoy.start` is. */
export async function startParts(options: EnvoyOptions, all: Disposals): Promise<EnvoyParts> {
  const { site, setup, concurrency, drainSeconds = 0, logLevel, startMs = 20_000, first, files } = options;
  const plugins = [...setup.services, ...(setup.plugins ?? [])];
  const collected = options.isObserved === false ? new Collector() : Collector.start(site.serverHost);
  const peers = [
    ControlPlane.start({ host: site.serverHost, updateMs: answerMs }),
    Promise.resolve(collected),
  ] as const;
  const bootstrap = Promise.all(peers).then(([{ port }, collector]) =>
    bootstrapFor(setup, { controlPlane: port, collector: collector.port }),
  );
  const [controlPlane, collector, process] = await all.addTogether(
    ...peers,
    site.launch({ bootstrap, plugins, concurrency, drainSeconds, logLevel, startMs, files }),
  );
  const refused = first?.refused ?? { plugins, port: 0 };
  const [{ admin, barrier, ports }, wasTold = false] = await Promise.all([
    process.within(connected(process, concurrency), {
      ms: startMs,
      what: () => 'Envoy has not logged "starting workers", which it does when it serves',
      gone: (exitCode) => refusal(process.log, exitCode, refused),
    }),
    first && prepare(first, process, controlPlane),
  ]);
  all.add(admin);
  all.add(barrier);
  return { process, controlPlane, collector, admin, barrier, ports, wasTold };
}

/**
 * Has it served to an Envoy that has not connected yet; if it has, and refuses it, who sets it is told. False when its
 * workers have started meanwhile.
 */
async function prepare(
  { resources, refused }: FirstUse,
  process: SupervisedEnvoy,
  controlPlane: ControlPlane,
): Promise<boolean> {
  process.log.expect(refused.plugins);
  const set = await resources();
  await process.bring(refused.plugins.map(({ module }) => module));
  const update = { ...process.moved({ set }, controlPlane.resources), allowInvalid: true };
  await controlPlane.update(update).catch(() => undefined);
  return process.log.ready.count === 0;
}

/** Waits until Envoy serves, and connects to its main thread and its workers. */
async function connected(
  process: SupervisedEnvoy,
  concurrency: number,
): Promise<Pick<EnvoyParts, "admin" | "barrier" | "ports">> {
  await process.log.ready.reached(1);
  const admin = new Admin(await process.adminAddress(), process.log);
  const ports = await admin.listenerPorts();
  const address = process.addressOf(
    ports.get(barrierListener) ?? (await admin.listenerPort(barrierListener)),
  );
  return { admin, ports, barrier: await WorkerBarrier.open(address, admin, concurrency) };
}
