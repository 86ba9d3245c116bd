import { chmod } from "node:fs/promises";
import type { EnvoySettings } from "../backend.ts";
import { AccessLog } from "../envoy/access-log.ts";
import { bootstrapJson } from "../envoy/bootstrap.ts";
import type { EnvoyLaunch, EnvoySite, LocalFiles } from "../envoy/envoy-site.ts";
import { backendFlags } from "../envoy/flags.ts";
import { upstreamAddress } from "./engine-address.ts";
import { EnvoyContainer } from "./envoy-container.ts";
import { EnvoyInContainer } from "./envoy-in-container.ts";
import { ExposedPorts } from "./exposed-ports.ts";
import { imageVersion, wantedImage } from "./image-version.ts";
import { Relocation } from "./relocation.ts";

const loopback = "127.0.0.1";

export interface ContainerSiteOptions {
  readonly image: string;
  /** Where servers of this process listen, so that containers reach them. */
  readonly serverHost: string;
  /** Whether this process reaches containers by their own addresses; else their ports are published. */
  readonly isDirect: boolean;
}

/** Envoys in containers of one image, each a container of its own. */
export class ContainerSite implements EnvoySite {
  readonly key: string;
  readonly version: string;
  readonly serverHost: string;
  private readonly options: ContainerSiteOptions;

  constructor(options: ContainerSiteOptions) {
    this.key = `container ${options.image}`;
    this.version = imageVersion(options.image);
    this.serverHost = options.serverHost;
    this.options = options;
  }

  /** The engine's. Refused as `upstreamAddress` is. */
  static async find(settings: Partial<EnvoySettings>): Promise<ContainerSite> {
    const serverHost = await engineHost();
    return new ContainerSite({ image: wantedImage(settings), serverHost, isDirect: serverHost !== loopback });
  }

  async launch(launch: EnvoyLaunch): Promise<EnvoyInContainer> {
    const { image, serverHost, isDirect } = this.options;
    const relocation = new Relocation({ serverHost, ports: isDirect ? null : new ExposedPorts() });
    const accessLog = new AccessLog();
    const container = new EnvoyContainer(image)
      .withBootstrap(JSON.parse(bootstrapJson(relocation.bootstrap(await launch.bootstrap))) as object)
      .withConcurrency(launch.concurrency)
      .withFlags(...backendFlags(launch.logLevel, launch.drainSeconds))
      .withPlugins(launch.plugins)
      .withStartupTimeout(launch.startMs)
      .withOutputConsumer((line) => {
        if (line.startsWith("{")) accessLog.add(line);
      });
    for (const { module } of launch.plugins) container.withModule(module.path, module.path);
    if (launch.files !== undefined) await share(container, launch.files);
    if (!isDirect) container.withExposedPorts(...ExposedPorts.all);
    return new EnvoyInContainer({
      container: await container.start(),
      ...{ accessLog, relocation, isDirect },
    });
  }
}

/** Envoy is another user in its container. */
async function share(container: EnvoyContainer, { read, folder }: LocalFiles): Promise<void> {
  await chmod(folder, 0o777);
  container.withBindMounts([{ source: folder, target: folder }]);
  container.withCopyFilesToContainer(read.map((file) => ({ source: file, target: file, mode: 0o644 })));
}

let found: Promise<string> | null = null;

/** Asked for once in a process, unless there was none. */
function engineHost(): Promise<string> {
  found ??= upstreamAddress().catch((error: unknown) => {
    found = null;
    throw error;
  });
  return found;
}
