import type { EnvoySettings } from "../backend.ts";
import { bootstrapJson } from "./bootstrap.ts";
import { EnvoyProcess } from "./envoy-process.ts";
import type { EnvoyLaunch, EnvoySite } from "./envoy-site.ts";
import { requireEnvoy, type EnvoyBinary } from "./find.ts";
import { flags } from "./flags.ts";

/** An Envoy program of this machine; how it is started depends on its version. */
export type Binary = Pick<EnvoyBinary, "path" | "version">;

/** Envoys as processes of this machine. */
export class ProcessSite implements EnvoySite {
  readonly key: string;
  readonly version: string;
  readonly serverHost = "127.0.0.1";
  private readonly binary: Binary;

  constructor({ path, version }: Binary) {
    this.key = path;
    this.version = version;
    this.binary = { path, version };
  }

  /** That of this machine, wherever `findEnvoy` has it from. Refused with `envoy_not_available`. */
  static async find(settings: Partial<EnvoySettings>): Promise<ProcessSite> {
    return new ProcessSite(await requireEnvoy(settings));
  }

  async launch({
    bootstrap,
    plugins,
    concurrency,
    drainSeconds,
    logLevel,
  }: EnvoyLaunch): Promise<EnvoyProcess> {
    const { binary } = this;
    return new EnvoyProcess({
      binary: binary.path,
      flags: flags({ binary, concurrency, drainSeconds, logLevel }),
      configuration: bootstrap.then(bootstrapJson),
      plugins,
    });
  }
}
