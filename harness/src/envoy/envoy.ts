import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import { Collector } from "../collector/collector.ts";
import type { LogLevel } from "../observation.ts";
import { barrierListener } from "../own-names.ts";
import { ControlPlane } from "../xds/control-plane.ts";
import type { Update } from "../xds/update.ts";
import { Admin } from "./admin.ts";
import { bootstrapFor, type EnvoySetup } from "./bootstrap.ts";
import { Disposals } from "./disposals.ts";
import type { EnvoySite, LocalFiles } from "./envoy-site.ts";
import { envoyLevel } from "./flags.ts";
import { refusal, refusalOf, type Refused } from "./refusal.ts";
import type { Address, SupervisedEnvoy } from "./supervised-envoy.ts";
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
  /** How long it may take until it serves; compiling a large module is part of it. Default 20 s. */
  readonly startMs?: number | undefined;
  /** What the base of its setup reads and writes. Default nothing. */
  readonly files?: LocalFiles;
}

/** Ways into an Envoy that serves. */
interface EnvoyParts {
  readonly process: SupervisedEnvoy;
  readonly admin: Admin;
  readonly barrier: WorkerBarrier;
  readonly controlPlane: ControlPlane;
  readonly collector: Collector;
}

/** Levels of Envoy's loggers, by their names. */
export type LogLevels = Readonly<Record<string, LogLevel>>;

const answerMs = 10_000;
const firstLevel: LogLevel = "info";

/** A real Envoy that serves, with its control plane in this process: what it is to do comes and goes over xDS. */
export class Envoy implements AsyncDisposable {
  readonly process: SupervisedEnvoy;
  readonly admin: Admin;
  readonly barrier: WorkerBarrier;
  readonly controlPlane: ControlPlane;
  readonly collector: Collector;
  private readonly all: Disposals;
  private readonly drainSeconds: number;
  /** Of the loggers that are not at their first level. */
  private logLevels: LogLevels;
  /** Where listeners were bound when the last update was done. */
  private ports: ReadonlyMap<string, number> = new Map();

  private constructor(parts: EnvoyParts, { logLevel, drainSeconds = 0 }: EnvoyOptions, all: Disposals) {
    this.process = parts.process;
    this.admin = parts.admin;
    this.barrier = parts.barrier;
    this.controlPlane = parts.controlPlane;
    this.collector = parts.collector;
    this.logLevels = { wasm: logLevel };
    this.drainSeconds = drainSeconds;
    this.all = all;
  }

  /**
   * Resolves when it serves. Refused with `configuration_refused`, `envoy_exited` or `timeout`; nothing is left behind
   * then.
   */
  static async start(options: EnvoyOptions): Promise<Envoy> {
    const all = new Disposals();
    try {
      return new Envoy(await start(options, all), options, all);
    } catch (error) {
      await all[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Forgets what was said so far; from now on these plugins speak, and Envoy's loggers at these levels. False when it is
   * not as a new one: gauges, which no listener takes with it, are not zero, or it does not answer.
   */
  async listenTo(plugins: readonly Plugin[], logLevels: LogLevels): Promise<boolean> {
    try {
      await this.setLevels(logLevels);
      return await this.inTime(this.admin.filterGaugesAreZero());
    } catch (error) {
      if (error instanceof HarnessError && error.code === "invalid_input") throw error;
      return false;
    } finally {
      this.process.log.begin(plugins);
    }
  }

  /**
   * Gives Envoy a new state, and resolves when its workers have that and nothing of the old one. Refused with
   * `configuration_refused` and the cause, `port_in_use`, `envoy_exited` or `timeout`.
   */
  async push(update: Update, refused: Refused): Promise<void> {
    const { process } = this;
    process.log.problems.length = 0;
    await this.answered(this.give(update, refused.plugins), {
      what: "Envoy has not taken its new configuration",
      refused,
    });
    await this.answered(this.listenersSettle(), {
      what: "Envoy has not started its new listener, or not let go of the old one",
      refused,
    });
    await this.barrier.pass();
    this.ports = await this.inTime(this.admin.listenerPorts());
  }

  /** Sets the levels of these loggers, and all others to their first. Refused with `invalid_input` for an unknown one. */
  async setLevels(logLevels: LogLevels): Promise<void> {
    const before = Object.fromEntries(Object.keys(this.logLevels).map((name) => [name, firstLevel]));
    const wanted = Object.entries({ ...before, ...logLevels });
    const changed = wanted.filter(([name, level]) => level !== (this.logLevels[name] ?? firstLevel));
    for (const [name, level] of changed) {
      await this.admin.setLevel(name, envoyLevel(level));
      this.logLevels = { ...this.logLevels, [name]: level };
    }
  }

  /** Resolves when everything has been read that Envoy has logged before. Refused with `timeout`. */
  caughtUp(): Promise<void> {
    return this.inTime(this.admin.catchUp());
  }

  /** Where a listener is reached. */
  async listenerAddress(name: string): Promise<Address> {
    return this.process.addressOf(this.ports.get(name) ?? (await this.admin.listenerPort(name)));
  }

  /** Where Envoy itself reaches one of its listeners. */
  async ownAddress(name: string): Promise<Address> {
    return { host: this.process.ownHost, port: await this.admin.listenerPort(name) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.all[Symbol.asyncDispose]();
  }

  private inTime<T>(answer: Promise<T>): Promise<T> {
    const what = (): string => "Envoy's main thread did not answer";
    return this.process.within(answer, { ms: answerMs, what });
  }

  private async give(update: Update, plugins: readonly Plugin[]): Promise<void> {
    const { process, controlPlane } = this;
    await process.bring(plugins.map(({ module }) => module));
    // our modules are checked already, and Envoy's refusal has the cause
    await controlPlane.update({ ...process.moved(update, controlPlane.resources), allowInvalid: true });
  }

  private async answered(
    work: Promise<void>,
    { what, refused }: { what: string; refused: Refused },
  ): Promise<void> {
    const { process } = this;
    const bound = {
      ms: answerMs,
      what: () => what,
      gone: (exitCode: number) => refusal(process.log, exitCode, refused),
    };
    try {
      await process.within(work, bound);
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== "configuration_refused") throw error;
      await this.caughtUp(); // the cause stands in the log
      throw refusalOf(error.message, process.log, refused);
    }
  }

  private async listenersSettle(): Promise<void> {
    let metrics: ReadonlyMap<string, bigint>;
    const states = this.drainSeconds === 0 ? [warming, ...draining] : [warming];
    do metrics = await this.admin.metrics(listenerState);
    while (states.some((name) => (metrics.get(`listener_manager.${name}`) ?? 0n) !== 0n));
  }
}

const warming = "total_listeners_warming";
const draining = ["total_filter_chains_draining", "total_listeners_draining"];
const listenerState = `^listener_manager\\.(${[warming, ...draining].join("|")})$`;

async function start(options: EnvoyOptions, all: Disposals): Promise<EnvoyParts> {
  const { site, setup, concurrency, drainSeconds = 0, logLevel, startMs = 20_000, files } = options;
  const plugins = [...setup.services, ...(setup.plugins ?? [])];
  const controlPlane = all.add(await ControlPlane.start({ host: site.serverHost }));
  const collector = all.add(await Collector.start(site.serverHost));
  const bootstrap = bootstrapFor(setup, { controlPlane: controlPlane.port, collector: collector.port });
  const process = all.add(
    await site.launch({ bootstrap, plugins, concurrency, drainSeconds, logLevel, startMs, files }),
  );
  const { admin, barrier } = await process.within(connected(process, concurrency), {
    ms: startMs,
    what: () => 'Envoy has not logged "starting workers", which it does when it serves',
    gone: (exitCode) => refusal(process.log, exitCode, { plugins, port: 0 }),
  });
  return { process, controlPlane, collector, admin: all.add(admin), barrier: all.add(barrier) };
}

/** Waits until Envoy serves, and connects to its main thread and its workers. */
async function connected(
  process: SupervisedEnvoy,
  concurrency: number,
): Promise<Pick<EnvoyParts, "admin" | "barrier">> {
  await process.log.ready.reached(1);
  const admin = new Admin(await process.adminAddress(), process.log);
  const address = process.addressOf(await admin.listenerPort(barrierListener));
  return { admin, barrier: await WorkerBarrier.open(address, admin, concurrency) };
}
