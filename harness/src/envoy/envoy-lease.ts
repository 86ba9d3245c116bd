import type { Observing, Plugin } from "../backend.ts";
import type { HistogramBucket } from "../observation.ts";
import type { Resource } from "../xds/resource.ts";
import type { ResourceKey } from "../xds/snapshot.ts";
import { Collected } from "./collected.ts";
import type { Envoy } from "./envoy.ts";
import { Isolation, unmarked } from "./isolation.ts";
import type { Refused } from "./refusal.ts";

/** What becomes of an Envoy when its user is done with it. */
export type Return = (envoy: Envoy) => Promise<void>;

/** The use of an Envoy by one proxy: what it is given is taken away again at the end. */
export class EnvoyLease implements AsyncDisposable {
  readonly envoy: Envoy;
  readonly isolation: Isolation;
  /** What its collector has got. */
  readonly collected: Collected;
  private readonly giveBack: Return | null;
  private readonly given = new Map<string, ResourceKey>();
  private isOver = false;

  /** Without `giveBack` Envoy ends with its use. */
  constructor(envoy: Envoy, giveBack: Return | null = null) {
    this.envoy = envoy;
    this.giveBack = giveBack;
    this.isolation = giveBack === null ? Isolation.none : Isolation.next();
    this.collected = new Collected(envoy, this.isolation);
  }

  /** Listens to these plugins and observes this from now on. Refused with `invalid_input` for an unknown logger. */
  async begin(plugins: readonly Plugin[], observing: Observing): Promise<void> {
    const { logLevels } = observing;
    if (this.giveBack !== null) await this.envoy.listenTo(this.isolation.plugins(plugins), logLevels);
    else await this.envoy.setLevels(logLevels);
    if (this.giveBack === null) this.envoy.process.log.expect(plugins);
    await this.collected.begin(observing);
  }

  /** As `Envoy.push`. */
  async set(resources: readonly Resource[], refused: Refused): Promise<void> {
    for (const { typeUrl, name } of resources) this.given.set(`${typeUrl} ${name}`, { typeUrl, name });
    await this.envoy.push({ set: resources }, refused);
  }

  /** Counters and gauges, without those of others. */
  async metrics(): Promise<Map<string, bigint>> {
    return this.isolation.stats(await this.envoy.admin.metrics());
  }

  /** Those of filters, and of Envoy itself, without those of others. */
  async histograms(): Promise<Map<string, HistogramBucket[]>> {
    const filter = `^(wasmcustom\\..*|.*${this.isolation.mark}.*)$`;
    return this.isolation.stats(await this.envoy.admin.histograms(filter));
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
    if (this.giveBack !== null && (await this.cleared())) await this.giveBack(this.envoy);
    else await this.envoy[Symbol.asyncDispose]();
  }

  /** Whether Envoy is as it was before; one that is not is of no further use. */
  private async cleared(): Promise<boolean> {
    if (this.isOver || !this.envoy.process.isRunning) return false;
    try {
      await this.envoy.push({ remove: [...this.given.values()] }, { plugins: [], port: 0 });
      return await this.envoy.admin.filterGaugesAreZero();
    } catch {
      return false; // whoever needs an Envoy next gets another one
    }
  }
}
