import { setImmediate } from "node:timers/promises";
import type { Collector } from "../collector/collector.ts";
import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { WasmModule } from "../module/load.ts";
import { keptCodeName } from "../own-names.ts";
import type { ControlPlane } from "../xds/control-plane.ts";
import type { Resource } from "../xds/resource.ts";
import { needed } from "../xds/resource-types.ts";
import type { ResourceKey } from "../xds/snapshot.ts";
import type { Update } from "../xds/update.ts";
import type { Admin, ListenerPorts } from "./admin.ts";
import { Disposals } from "./disposals.ts";
import { answerMs, startParts, type EnvoyOptions, type EnvoyParts } from "./envoy-parts.ts";
import { FilterStock, nothingCounted, type FilterCounts } from "./filter-counts.ts";
import type { Isolation } from "./isolation.ts";
import { keptCode } from "./kept-code.ts";
import { listenerChanges, listenersSettle, type ListenerChanges } from "./listener-changes.ts";
import { Loggers, type LogLevels } from "./loggers.ts";
import { refusal, refusalOf, type Refused } from "./refusal.ts";
import type { Address, SupervisedEnvoy } from "./supervised-envoy.ts";
import type { WorkerBarrier } from "./worker-barrier.ts";

/** A real Envoy that serves, with its control plane in this process: what it is to do comes and goes over xDS. */
export class Envoy implements AsyncDisposable {
  readonly process: SupervisedEnvoy;
  readonly admin: Admin;
  readonly barrier: WorkerBarrier;
  readonly controlPlane: ControlPlane;
  readonly collector: Collector;
  readonly loggers: Loggers;
  private readonly stock: FilterStock;
  private readonly all: Disposals;
  private readonly drainSeconds: number;
  /** Whether it is known what Envoy says to what it was told while it started. */
  private hasAnswered: boolean;
  /** Where listeners were bound when the last update was done. */
  private ports: ListenerPorts;
  /** What it was told before its workers started, they have had from their start. */
  private wasTold: boolean;
  /** What filters had counted when its last user left. */
  private counted: Promise<FilterCounts | null> = Promise.resolve(nothingCounted);

  private constructor(
    parts: EnvoyParts,
    { logLevel, drainSeconds = 0, first }: EnvoyOptions,
    all: Disposals,
  ) {
    this.process = parts.process;
    this.admin = parts.admin;
    this.stock = new FilterStock(parts.admin);
    this.barrier = parts.barrier;
    this.controlPlane = parts.controlPlane;
    this.collector = parts.collector;
    this.loggers = new Loggers(parts.admin, { wasm: logLevel });
    this.drainSeconds = drainSeconds;
    this.ports = parts.ports;
    this.wasTold = parts.wasTold;
    this.hasAnswered = first === undefined;
    this.all = all;
  }

  /**
   * Resolves when it serves. Refused with `configuration_refused`, `envoy_exited` or `timeout`; nothing is left behind
   * then.
   */
  static async start(options: EnvoyOptions): Promise<Envoy> {
    const all = new Disposals();
    try {
      return new Envoy(await startParts(options, all), options, all);
    } catch (error) {
      await all[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Forgets what was said so far; from now on these plugins speak, and Envoy's loggers at these levels. Resolves with what
   * filters have counted so far, who have all gone unless VMs are shared; with null when it is not as a new one: gauges,
   * which no listener takes with it, are not zero, or it does not answer. Nothing is forgotten while what it was told at
   * its start is all that there was.
   */
  async listenTo(
    plugins: readonly Plugin[],
    logLevels: LogLevels,
    { hasOwnVms }: Pick<Isolation, "hasOwnVms">,
  ): Promise<FilterCounts | null> {
    try {
      await this.loggers.set(logLevels);
      if (!this.hasAnswered) return nothingCounted;
      const counts = await this.counted;
      return hasOwnVms && this.given.length > 0 ? await this.emptied(null) : counts;
    } catch (error) {
      if (error instanceof HarnessError && error.code === "invalid_input") throw error;
      return null;
    } finally {
      if (this.hasAnswered) this.process.log.begin(plugins);
    }
  }

  /**
   * Begins to make ready for those who come next: all that runs here goes, and the code of these modules is kept; where VMs
   * are shared it stays until there is something else.
   */
  makeReady(modules: Iterable<WasmModule>, { hasOwnVms }: Pick<Isolation, "hasOwnVms">): void {
    const counts = hasOwnVms ? this.emptied(keptCode(modules)) : this.inTime(this.stock.take());
    this.counted = counts.catch(() => null); // it is not as a new one then
  }

  /**
   * Gives Envoy a new state, and resolves when its workers have that and nothing of the old one. Refused with
   * `configuration_refused` and the cause, `port_in_use`, `envoy_exited` or `timeout`.
   */
  async push(update: Update, refused: Refused): Promise<void> {
    const isThere = this.wasTold && this.isServed(update);
    this.wasTold = false;
    const changes = listenerChanges(update, this.controlPlane.resources);
    await this.take(update, refused);
    if (isThere) return;
    await this.answered(this.started(changes), { what: starting, refused });
  }

  /** Resolves when everything has been read that Envoy has logged before. Refused with `timeout`. */
  caughtUp(): Promise<void> {
    return this.inTime(this.admin.catchUp());
  }

  /**
   * Resolves when everything has been read that Envoy had logged when it sent what came last. Of pipes and sockets that have
   * something at the same time, Node reads all before it goes on to immediates. Refused with `timeout`.
   */
  heard(): Promise<void> {
    return this.process.isHeardAtOnce ? setImmediate() : this.caughtUp();
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

  private async take(update: Update, refused: Refused): Promise<void> {
    const { process } = this;
    if (this.hasAnswered) process.log.beginUpdate();
    await this.answered(this.give(update, refused.plugins), {
      what: "Envoy has not taken its new configuration",
      refused,
    });
  }

  /** Waits until workers have what was given, and until all is said that plugins say while they start. */
  private async started({ added, areOthersKept }: ListenerChanges): Promise<void> {
    if (added !== null && areOthersKept) {
      await Promise.all([this.listen(added), this.barrier.pass()]);
      return;
    }
    const settled = this.settle();
    if (added === null) await settled; // until then a listener is found where it was
    await Promise.all([settled, this.listen(added ?? [])]);
    await this.barrier.pass();
  }

  /** Waits until listeners have come and gone on all threads. */
  private settle(): Promise<void> {
    return listenersSettle(this.admin, this.drainSeconds === 0);
  }

  /** Waits until Envoy listens on these, for all that it is to listen on. */
  private async listen(names: readonly string[]): Promise<void> {
    do this.ports = await this.admin.listenerPorts();
    while (names.some((name) => !this.ports.has(name)));
  }

  /** What it has of others, but for what is replaced or removed when the next user has its own. */
  private get given(): readonly ResourceKey[] {
    const isLeft = ({ typeUrl }: ResourceKey): boolean => needed.has(typeUrl);
    return [...this.controlPlane.resources].filter((key) => !isLeft(key) && key.name !== keptCodeName);
  }

  /** What filters have counted, who have all gone; null when it is not as a new Envoy. */
  private async emptied(kept: Resource | null): Promise<FilterCounts | null> {
    const remove = this.given;
    const nobody = { plugins: [], port: 0 };
    const set = kept === null ? [] : [kept];
    await this.take({ set, remove, isUnused: true }, nobody).catch((error: unknown) => {
      if (!(error instanceof HarnessError && error.code === "configuration_refused")) throw error;
      return this.take({ remove }, nobody); // a module that does not load without its callbacks
    });
    await this.answered(this.settle(), { what: starting, refused: nobody });
    await this.barrier.pass();
    const counts = await this.inTime(this.stock.take());
    await this.barrier.pass(); // counts that nobody has are forgotten by workers, too: a new user of a name starts at zero
    return counts;
  }

  private isServed({ set = [], remove = [] }: Update): boolean {
    const { resources } = this.controlPlane;
    return remove.length === 0 && set.every((one) => resources.get(one)?.version === one.version);
  }

  private inTime<T>(answer: Promise<T>): Promise<T> {
    const what = (): string => "Envoy's main thread did not answer";
    return this.process.within(answer, { ms: answerMs, what });
  }

  private async give(update: Update, plugins: readonly Plugin[]): Promise<void> {
    const { process, controlPlane } = this;
    await process.bring(plugins.map(({ module }) => module));
    const isFirst = !this.hasAnswered;
    this.hasAnswered = true; // a refusal is an answer, too
    if (isFirst) await controlPlane.ready();
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
}

const starting = "Envoy has not started its new listener, or not let go of the old one";
