import { barrierListener, collectorName, controlPlaneCluster, keptCodeName } from "../own-names.ts";
import { parseClusters, type ClusterStatus } from "./cluster-status.ts";
import { ConfigDump } from "./config-dump.ts";
import { parseListeners, type ListenerStatus } from "./listener-status.ts";
import { loadedModules, type LoadedModule } from "./loaded-module.ts";

/** What every Envoy of the harness has besides, for the harness alone. */
const ownNames: ReadonlySet<string> = new Set([
  barrierListener,
  collectorName,
  controlPlaneCluster,
  keptCodeName,
]);

/**
 * What a real Envoy says of itself now: in the embedded backend every method is refused with `unsupported`, and a test
 * says `needs: ["admin"]`. Nothing of it is counted from the test's start.
 *
 * @category Read what happened
 */
export class EnvoyAdmin {
  private readonly ask: (path: string) => Promise<string>;

  /** Over what answers. @internal */
  constructor(ask: (path: string) => Promise<string>) {
    this.ask = ask;
  }

  /** The answer to a GET of the admin interface, `/server_info`, whatever its status. */
  get(path: string): Promise<string> {
    return this.ask(path);
  }

  /** The configuration that Envoy runs. */
  async configDump(): Promise<ConfigDump> {
    return new ConfigDump(await this.ask("/config_dump?include_eds"));
  }

  /** The clusters and their servers; the harness' own are left out. */
  async clusters(): Promise<ClusterStatus[]> {
    return parseClusters(await this.ask("/clusters?format=json")).filter(({ name }) => !ownNames.has(name));
  }

  /** The listeners and where they listen; the harness' own are left out. */
  async listeners(): Promise<ListenerStatus[]> {
    return parseListeners(await this.ask("/listeners?format=json")).filter(({ name }) => !ownNames.has(name));
  }

  /**
   * The modules of all plugins that Envoy is configured with, each with the digest of its bytes. Of a module that
   * Envoy has from a file these are the file's bytes now: one that was replaced since has another digest than
   * `proxy.modules` says, which was taken before Envoy read it. Refused with `not_found` when the file is gone.
   */
  async modules(): Promise<LoadedModule[]> {
    return loadedModules(await this.configDump());
  }
}
