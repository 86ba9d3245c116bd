import type { AccessLog } from "../envoy/access-log.ts";
import type { EnvoyLog } from "../envoy/envoy-log.ts";
import { SupervisedEnvoy, type Address } from "../envoy/supervised-envoy.ts";
import type { WasmModule } from "../module/load.ts";
import type { Snapshot } from "../xds/snapshot.ts";
import type { Update } from "../xds/update.ts";
import type { Relocation } from "./relocation.ts";
import type { StartedEnvoyContainer } from "./started-envoy-container.ts";

const fileMode = 0o644;
const killed = 137;

/** The parts of an Envoy in a container. */
export interface EnvoyInContainerParts {
  readonly container: StartedEnvoyContainer;
  readonly accessLog: AccessLog;
  readonly relocation: Relocation;
  /** The container's own address is reached from here. */
  readonly isDirect: boolean;
}

/** An Envoy that runs in a container of its own. */
export class EnvoyInContainer extends SupervisedEnvoy {
  override readonly exited: Promise<number>;
  override isRunning = true;
  override readonly isHeardAtOnce = false; // the engine stands between
  private readonly parts: EnvoyInContainerParts;
  /** The digests of the files that were brought, by their paths. */
  private readonly brought = new Map<string, string>();

  constructor(parts: EnvoyInContainerParts) {
    super(parts.accessLog);
    this.parts = parts;
    const { exited } = parts.container.output;
    this.exited = exited.then((code) => code ?? killed).finally(() => (this.isRunning = false));
  }

  override get log(): EnvoyLog {
    return this.parts.container.output.log;
  }

  override async adminAddress(): Promise<string> {
    return new URL(this.parts.container.adminUrl).host;
  }

  override get ownHost(): string {
    const { container } = this.parts;
    const [network = ""] = container.getNetworkNames();
    return container.getIpAddress(network);
  }

  override addressOf(port: number): Address {
    const { container, isDirect } = this.parts;
    if (isDirect) return { host: this.ownHost, port };
    const { hostname, port: published } = new URL(container.listenerUrl(port));
    return { host: hostname, port: Number(published), isForwarded: true };
  }

  override async bring(modules: readonly WasmModule[]): Promise<void> {
    const missing = modules.filter(({ path, sha256 }) => this.brought.get(path) !== sha256);
    const contents = new Map(missing.map(({ path, bytes }) => [path, Buffer.from(bytes)]));
    if (contents.size === 0) return;
    const files = [...contents].map(([target, content]) => ({ target, content, mode: fileMode }));
    await this.parts.container.copyContentToContainer(files);
    for (const { path, sha256 } of missing) this.brought.set(path, sha256);
  }

  override moved(update: Update, served: Snapshot): Update {
    return this.parts.relocation.update(update, served);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.parts.container[Symbol.asyncDispose]().catch((error: unknown) => {
      if ((error as { statusCode?: number }).statusCode !== 404) throw error; // somebody else has removed it
    });
  }
}
