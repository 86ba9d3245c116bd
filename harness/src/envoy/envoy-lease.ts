import type { Plugin } from "../backend.ts";
import type { HistogramSummary, LogLevel } from "../observation.ts";
import type { Resource } from "../xds/resource.ts";
import type { ResourceKey } from "../xds/snapshot.ts";
import type { Update } from "../xds/update.ts";
import type { Address } from "./supervised-envoy.ts";
import type { Envoy } from "./envoy.ts";
import { Isolation, unmarked } from "./isolation.ts";
import type { Refused } from "./refusal.ts";

/** What becomes of an Envoy when its user is done with it. */
export type Return = (envoy: Envoy) => Promise<void>;

/**
 * The use of an Envoy by one proxy. What it was given stays there when it is over, until the next user has its own: V8
 * keeps the code of a module as long as somebody runs it, and so the next one need not compile it again.
 */
export class EnvoyLease implements AsyncDisposable {
  readonly envoy: Envoy;
  readonly isolation: Isolation;
  private readonly giveBack: Return | null;
  private hasBegun = false;
  private isOver = false;

  /** Without `giveBack` Envoy ends with its use. */
  constructor(envoy: Envoy, isolation = Isolation.none, giveBack: Return | null = null) {
    this.envoy = envoy;
    this.isolation = isolation;
    this.giveBack = giveBack;
  }

  /** Listens to these plugins from now on, at this level of Envoy's `wasm` logger. */
  async begin(plugins: readonly Plugin[], logLevel: LogLevel): Promise<void> {
    if (this.giveBack === null) this.envoy.process.log.expect(plugins);
    else await this.envoy.listenTo(this.isolation.plugins(plugins), logLevel);
  }

  /** As `Envoy.push`; the first time, whatever the user before has left goes. */
  async set(resources: readonly Resource[], refused: Refused): Promise<void> {
    await this.update({ set: resources }, refused);
  }

  /** As `set`, of what comes and goes. */
  async update({ set = [], remove = [] }: Update, { plugins, port }: Refused): Promise<void> {
    const refused = { plugins: this.isolation.plugins(plugins), port }; // in the log they have its mark
    const left = this.hasBegun ? [] : this.left(set);
    this.hasBegun = true;
    if (refused.port !== 0 && left.length > 0) await this.envoy.push({ remove: left.splice(0) }, refused);
    await this.envoy.push({ set, remove: [...remove, ...left] }, refused);
  }

  /** Where the listener of this name, but for the mark of the isolation, is reached. */
  address(listener: string): Promise<Address> {
    return this.envoy.listenerAddress(`${listener}${this.isolation.mark}`);
  }

  /** Counters and gauges, without those of others. */
  async metrics(): Promise<Map<string, bigint>> {
    return this.isolation.stats(await this.envoy.admin.metrics());
  }

  /** The filters' histograms, and those of these names. */
  async histograms(names: readonly string[]): Promise<Map<string, HistogramSummary>> {
    const own = names.map((name) => {
      const [family, rest] = [name.slice(0, name.lastIndexOf(".")), name.slice(name.lastIndexOf("."))];
      return `|${family}${this.isolation.mark}\\${rest}`;
    });
    const filter = `^(wasmcustom\\..*${own.join("")})$`;
    return this.isolation.stats(await this.envoy.admin.histograms(filter));
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
    if (this.giveBack !== null && (await this.isOfUse())) await this.giveBack(this.envoy);
    else await this.envoy[Symbol.asyncDispose]();
  }

  /** What is there and will not be replaced. */
  private left(resources: readonly Resource[]): ResourceKey[] {
    const isKept = ({ typeUrl, name }: ResourceKey): boolean =>
      resources.some((resource) => resource.typeUrl === typeUrl && resource.name === name);
    return [...this.envoy.controlPlane.resources].filter((key) => !isKept(key));
  }

  /** Whether somebody else can use this Envoy: gauges, which no listener takes with it, must be as in a new one. */
  private async isOfUse(): Promise<boolean> {
    if (this.isOver || !this.envoy.process.isRunning) return false;
    try {
      return await this.envoy.admin.filterGaugesAreZero();
    } catch {
      return false; // whoever needs an Envoy next gets another one
    }
  }
}
