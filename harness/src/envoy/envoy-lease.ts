import type { Observing, Plugin } from "../backend.ts";
import type { WasmModule } from "../module/load.ts";
import type { HistogramBucket } from "../observation.ts";
import { keptCodeName } from "../own-names.ts";
import type { Resource } from "../xds/resource.ts";
import { lds } from "../xds/resource-types.ts";
import type { ResourceKey } from "../xds/snapshot.ts";
import { Collected } from "./collected.ts";
import type { Update } from "../xds/update.ts";
import type { Address } from "./supervised-envoy.ts";
import type { Envoy } from "./envoy.ts";
import { nothingCounted, type FilterCounts } from "./filter-counts.ts";
import { Isolation, unmarked } from "./isolation.ts";
import { mergedHistograms } from "./merged-histograms.ts";
import type { Refused } from "./refusal.ts";

/** What a user of an Envoy wants to hear. */
export interface EnvoyUse {
  /** All that will run. */
  readonly plugins: readonly Plugin[];
  readonly observing: Observing;
}

/** What becomes of an Envoy when its user is done with it. */
export type Return = (envoy: Envoy) => Promise<void>;

/**
 * The use of an Envoy by one proxy. What it was given goes when it is over, while the next user makes itself ready; where
 * VMs are shared it stays until that one has its own.
 */
export class EnvoyLease implements AsyncDisposable {
  readonly envoy: Envoy;
  readonly isolation: Isolation;
  /** What its collector has got. */
  readonly collected: Collected;
  /** What filters had counted before it was given anything. */
  before: FilterCounts = nothingCounted;
  /** Those that it was given. */
  private readonly modules = new Set<WasmModule>();
  private readonly giveBack: Return | null;
  private hasBegun = false;
  private isOver = false;

  /** Without `giveBack` Envoy ends with its use. */
  constructor(envoy: Envoy, isolation = Isolation.none, giveBack: Return | null = null) {
    this.envoy = envoy;
    this.isolation = isolation;
    this.giveBack = giveBack;
    this.collected = new Collected(envoy, isolation);
  }

  /**
   * Listens to these plugins and observes this from now on; false when another user has left something that would be
   * seen. Refused with `invalid_input` for an unknown logger; the use is over then.
   */
  async begin(use: EnvoyUse): Promise<boolean> {
    try {
      this.collected.observe(use.observing);
      return await this.listen(use);
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** As `Envoy.push`; the first time, whatever the user before has left goes. */
  async set(resources: readonly Resource[], refused: Refused): Promise<void> {
    await this.update({ set: resources }, refused);
  }

  /** As `set`, of what comes and goes. */
  async update({ set = [], remove = [] }: Update, given: Refused): Promise<void> {
    const refused = { ...given, plugins: this.isolation.plugins(given.plugins) }; // as Envoy's log has them
    for (const { module } of given.plugins) this.modules.add(module);
    const isFirst = !this.hasBegun;
    const left = isFirst ? this.left(set) : [];
    this.hasBegun = true;
    if (refused.port !== 0 && left.length > 0) await this.envoy.push({ remove: left.splice(0) }, refused);
    const later = wouldShareSocket(set) ? left.splice(0) : [];
    await this.envoy.push({ set, remove: [...remove, ...left], isUnused: isFirst }, refused);
    if (later.length > 0) await this.envoy.push({ remove: later }, refused);
    if (isFirst) await this.collected.begin(); // streams that the user before has left open are over by now
  }

  /** Where the listener of this name, but for the mark of the isolation, is reached. */
  address(listener: string): Promise<Address> {
    return this.envoy.listenerAddress(`${listener}${this.isolation.mark}`);
  }

  /** As `address`, for clusters that lead to it. */
  ownAddress(listener: string): Promise<Address> {
    return this.envoy.ownAddress(`${listener}${this.isolation.mark}`);
  }

  /** Counters and gauges, without those of others. */
  async metrics(): Promise<Map<string, bigint>> {
    return this.isolation.stats(await this.envoy.admin.metrics());
  }

  /** Those of filters and of Envoy itself, without those of others, after so many have passed the barrier. */
  async histograms(passed: bigint): Promise<Map<string, HistogramBucket[]>> {
    const filter = `^wasmcustom\\.|${this.isolation.mark}\\.`;
    return this.isolation.stats(await mergedHistograms(this.envoy.admin, filter, passed));
  }

  /** The answer of the admin interface, without what keeps users apart. */
  async admin(path: string): Promise<string> {
    return this.isolation.unmark(await this.envoy.admin.get(path));
  }

  /** What a Prometheus server would be given. */
  async prometheus(): Promise<string> {
    return unmarked(await this.envoy.admin.get("/stats/prometheus"));
  }

  /** Asks Envoy to end in an orderly way, and waits until it has. Refused with `timeout` or `envoy_exited`. */
  async quit(ms: number): Promise<void> {
    this.isOver = true;
    await this.envoy.admin.post("/quitquitquit");
    await this.envoy.process.ends(ms);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const isKept = !this.isOver && this.envoy.process.isRunning;
    if (this.giveBack !== null && isKept) {
      this.envoy.makeReady(this.modules, this.isolation);
      await this.giveBack(this.envoy);
    } else await this.envoy[Symbol.asyncDispose]();
  }

  private async listen({ plugins, observing: { logLevels } }: EnvoyUse): Promise<boolean> {
    if (this.giveBack === null) {
      await this.envoy.loggers.set(logLevels);
      this.envoy.process.log.expect(plugins);
      return true;
    }
    const before = await this.envoy.listenTo(this.isolation.plugins(plugins), logLevels, this.isolation);
    this.before = before === null ? nothingCounted : this.unmarkedCounts(before);
    return before !== null;
  }

  private unmarkedCounts({ metrics, histograms }: FilterCounts): FilterCounts {
    return { metrics: this.isolation.stats(metrics), histograms: this.isolation.stats(histograms) };
  }

  /** What is there and will not be replaced. */
  private left(resources: readonly Resource[]): ResourceKey[] {
    const isKept = ({ typeUrl, name }: ResourceKey): boolean =>
      resources.some((resource) => resource.typeUrl === typeUrl && resource.name === name);
    return [...this.envoy.controlPlane.resources].filter((key) => key.name !== keptCodeName && !isKept(key));
  }
}

/**
 * Envoy gives the socket of a listener that goes to all that come for the same address, and "any free port" is the same
 * address for all: two that come would be one. Source: Envoy's listener_manager_impl.cc, setNewOrDrainingSocketFactory.
 */
function wouldShareSocket(set: readonly Resource[]): boolean {
  return set.filter(({ typeUrl }) => typeUrl === lds).length > 1;
}
