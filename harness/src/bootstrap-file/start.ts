import path from "node:path";
import { modulesOf } from "../all-plugins.ts";
import type { EnvoySettings } from "../backend.ts";
import { loadSite, realBackendNames, type RealBackendName } from "../backends.ts";
import { Disposals } from "../envoy/disposals.ts";
import { Envoy } from "../envoy/envoy.ts";
import { EnvoyLease } from "../envoy/envoy-lease.ts";
import { HarnessError } from "../errors.ts";
import { GrpcUpstream } from "../grpc/upstream.ts";
import { suggestion } from "../nearest.ts";
import { logLevels, type LogLevel } from "../observation.ts";
import { cluster } from "../scenario/cluster.ts";
import { Servers } from "../scenario/servers.ts";
import { oneOf, refuseUnknownOptions } from "../options.ts";
import { TcpUpstream } from "../tcp-upstream.ts";
import { Upstream } from "../upstream.ts";
import { BootstrapFile } from "./bootstrap-file.ts";
import { pluginsOf } from "./file-plugins.ts";
import { RunningBootstrap } from "./running-bootstrap.ts";
import { StartedBootstrap } from "./started-bootstrap.ts";

/**
 * How a bootstrap file is started.
 *
 * @category Configure Envoy
 */
export interface BootstrapOptions {
  /** Where Envoy runs. Default `envoy`, on this machine. */
  readonly backend?: RealBackendName;
  /**
   * The local builds, filters' folders or paths to `.wasm`, by the names of the plugins (`PluginConfig.name`) that they
   * take the place of. A plugin that is not named keeps its module, when that is a file.
   */
  readonly modules?: Readonly<Record<string, string>>;
  /** The services behind it, by the names of their clusters. Default for each: one that answers `200 upstream`. */
  readonly clusters?: Readonly<Record<string, Upstream | GrpcUpstream | TcpUpstream>>;
  /** Level of Envoy's `wasm` logger. Default `trace`, which fills the transcript too. */
  readonly logLevel?: LogLevel;
  /** A trap does not fail the test. Default false. */
  readonly allowTraps?: boolean;
  /** Skips the module check, to see what Envoy does with an unsound module. Default false. */
  readonly uncheckedModules?: boolean;
  /** Of the Envoy itself. */
  readonly envoy?: Partial<Pick<EnvoySettings, "concurrency" | "version" | "image">>;
  /** The folder that the bootstrap and `.wasm` paths are relative to. Default: the working folder. */
  readonly relativeTo?: string;
  /** How long a request may take until its response is complete. Default 10,000. */
  readonly requestMs?: number;
}

const optionNames = [
  ...["backend", "modules", "clusters", "logLevel", "allowTraps", "envoy", "relativeTo", "requestMs"],
  "uncheckedModules",
];

/**
 * Starts a real Envoy with a bootstrap in YAML or JSON as it stands, but for what cannot be as it is: modules are replaced
 * by local builds, addresses by free ports of the loopback interface, and the servers of its clusters by those of the test,
 * which have no TLS. Its access logs go to a file. Dispose of it with `await using`. Refused with `not_found`,
 * `invalid_input`, `configuration_refused` and the cause, `envoy_not_available` or `envoy_exited`, and in a container as `startProxy` is.
 *
 * @category Configure Envoy
 */
export async function startBootstrap(
  file: string,
  options: BootstrapOptions = {},
): Promise<StartedBootstrap> {
  refuseUnknownOptions("startBootstrap", options, optionNames);
  const all = new Disposals();
  try {
    return await start(file, options, all);
  } catch (error) {
    await all[Symbol.asyncDispose]();
    throw error;
  }
}

async function start(file: string, options: BootstrapOptions, all: Disposals): Promise<StartedBootstrap> {
  const { relativeTo = process.cwd(), modules = {}, requestMs = 10_000, allowTraps = false } = options;
  const backend = oneOf("backend", options.backend ?? "envoy", realBackendNames);
  const site = await (await loadSite(backend))(options.envoy ?? {});
  const read = all.add(await BootstrapFile.read(path.resolve(relativeTo, file), site.version));
  const clusters = clustersOf(read, options.clusters ?? {});
  const servers = all.add(new Servers(site.serverHost));
  await servers.start(clusters);
  const ports = new Map(clusters.map(({ name, upstream }) => [name, servers.portOf(upstream) ?? 0]));
  const local = await read.localised({ modules, ports, relativeTo });
  const plugins = await pluginsOf(local.json, options.uncheckedModules === true);
  const lease = new EnvoyLease(
    await Envoy.start({
      site,
      setup: { services: [], statsTags: [], clusters: [], base: local.bootstrap, plugins },
      files: local.files,
      isObserved: false,
      concurrency: options.envoy?.concurrency ?? 1,
      logLevel: oneOf("logLevel", options.logLevel ?? "trace", logLevels),
    }),
  );
  all.add(lease);
  const { listeners, statPrefixes } = local;
  const running = new RunningBootstrap({ lease, listeners, statPrefixes, clusters, servers, all, requestMs });
  return StartedBootstrap.over(running, {
    backend,
    allowTraps,
    modules: modulesOf({ plugins, accessLoggers: [] }),
    accessLogFile: read.accessLogFile,
  });
}

/** Every cluster of the file with its service. Refused with `invalid_input` for one that the file does not have. */
function clustersOf(
  { file, clusters: names }: BootstrapFile,
  given: NonNullable<BootstrapOptions["clusters"]>,
) {
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw new HarnessError("invalid_input", `${file} has no cluster "${name}": ${suggestion(name, names)}`);
  }
  return names.map((name) => {
    const upstream = given[name] ?? new Upstream();
    return { ...cluster(name, upstream), upstream };
  });
}
