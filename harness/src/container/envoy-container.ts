import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ContainerRuntimeClient } from "testcontainers";
import type { Plugin } from "../backend.ts";
import { envoyLevel, flushFlags } from "../envoy/flags.ts";
import { timedLogFormat } from "../envoy/log-line.ts";
import { defaultVersion } from "../envoy/wheels.ts";
import { loadUncheckedModule, type WasmModule } from "../module/load.ts";
import type { LogLevel } from "../observation.ts";
import { ContainerOutput, type OutputConsumer } from "./container-output.ts";
import { hostName, publishedOn } from "./engine-address.ts";
import { requireEngine } from "./engine.ts";
import { imageVersion } from "./image-version.ts";
import { requireImage } from "./image.ts";
import { lifeline, noLifeline, type Lifeline } from "./lifeline.ts";
import { envoyProgram, envoyUser, officialImage } from "./local-image.ts";
import { EnvoyReadiness } from "./readiness.ts";
import { removed } from "./removal.ts";
import { requireReaper } from "./requirements.ts";
import { isExit, startRefusal } from "./start-refusal.ts";
import { adminPort, StartedEnvoyContainer } from "./started-envoy-container.ts";
import { loadTestcontainers } from "./testcontainers.ts";
import { refuseUnreachable } from "./unreachable-listeners.ts";

const { GenericContainer } = await loadTestcontainers();

const startMs = 30_000;
const fileMode = 0o644;
/** The labels by which a container is found again: of one start, and of everything that it was started with. */
const startLabel = "proxy-wasm-harness.start";
const digestLabel = "proxy-wasm-harness.digest";

/** One call of `start`. */
interface Start {
  readonly engine: ContainerRuntimeClient;
  readonly plugins: readonly Plugin[];
  readonly output: ContainerOutput;
  readonly lifeline: Lifeline;
  containerId: string | null;
  guard: Disposable | null;
  isPublished: boolean;
}

/**
 * An Envoy in a container: the official image, a distroless one or a local one. What it is configured with is said by
 * `withBootstrap`; its listeners listen on 0.0.0.0 in the container, on ports that `withExposedPorts` names.
 *
 * @category Containers
 */
export class EnvoyContainer extends GenericContainer {
  private bootstrap: { readonly file: string; readonly content: string } | null = null;
  private readonly modules: string[] = [];
  private readonly flags: string[] = [];
  private concurrency = 1;
  private plugins: readonly Plugin[] | null = null;
  private toOutput: OutputConsumer | undefined;
  private current: Start | null = null;

  /** `image` defaults to the official one of Envoy 1.40.0. */
  constructor(image = officialImage(defaultVersion)) {
    super(image);
    this.withEntrypoint([envoyProgram])
      .withUser(envoyUser)
      .withExposedPorts(adminPort)
      .withExtraHosts([{ host: hostName, ipAddress: "host-gateway" }])
      .withStartupTimeout(startMs)
      .withWaitStrategy(new EnvoyReadiness((id) => this.outputOf(id)));
  }

  /** Envoy's configuration: an object, or the text of a YAML file. Its admin interface is moved to where it is reached. */
  withBootstrap(bootstrap: string | object): this {
    this.bootstrap =
      typeof bootstrap === "string"
        ? { file: "/etc/envoy/envoy.yaml", content: bootstrap }
        : { file: "/etc/envoy/envoy.json", content: JSON.stringify(bootstrap) };
    return this;
  }

  /** Copies a Wasm file into the container, by default to `/etc/envoy/` under its own name. */
  withModule(file: string, target = `/etc/envoy/${path.basename(file)}`): this {
    const source = path.resolve(file);
    this.modules.push(source);
    return this.withCopyFilesToContainer([{ source, target, mode: fileMode }]);
  }

  /** Envoy's log level, and those of some of its components: `withLogLevel("info", { wasm: "trace" })`. */
  withLogLevel(level: LogLevel, components: Readonly<Record<string, LogLevel>> = {}): this {
    const levels = Object.entries(components).map(([name, own]) => `${name}:${envoyLevel(own)}`);
    return this.withFlags(
      ...["--log-level", envoyLevel(level)],
      ...(levels.length === 0 ? [] : ["--component-log-level", levels.join(",")]),
    );
  }

  /** Worker threads. Default 1. */
  withConcurrency(concurrency: number): this {
    this.concurrency = concurrency;
    return this;
  }

  /** More of Envoy's command line. */
  withFlags(...flags: readonly string[]): this {
    this.flags.push(...flags);
    return this;
  }

  /** Tells of each line on Envoy's stdout, which is where access logs go. */
  withOutputConsumer(consumer: OutputConsumer): this {
    this.toOutput = consumer;
    return this;
  }

  /** The plugins whose log lines and refusals are to be told apart. Default: one for each module. @internal */
  withPlugins(plugins: readonly Plugin[]): this {
    this.plugins = plugins;
    return this;
  }

  /**
   * Starts the container and resolves when Envoy serves. Refused with `configuration_refused` or `envoy_exited` and
   * Envoy's last lines, `timeout`, `not_found`, `container_engine_not_available` or `image_not_available`; no container
   * is left behind then.
   */
  override async start(): Promise<StartedEnvoyContainer> {
    const start = await this.begin();
    try {
      return await this.serving(start);
    } catch (error) {
      if (isExit(error)) await start.output.exited;
      await this.discard(start).catch(() => undefined); // an engine that is gone has refused the start already
      throw startRefusal(error, { ...start, image: this.imageName.string });
    }
  }

  protected override async containerCreated(id: string): Promise<void> {
    const { current } = this;
    if (current === null) return;
    current.containerId = id;
    current.guard = current.lifeline(id);
    const container = current.engine.container.getById(id);
    await current.output.follow(container);
    void current.output.exited.then(async () => {
      // testcontainers would wait ten seconds more for the ports of a container that has ended
      if (!current.isPublished) await removed(container).catch(() => undefined); // the start fails either way
    });
  }

  protected override async containerStarting(): Promise<void> {
    if (this.current !== null) this.current.isPublished = true;
  }

  /** Everything that can be refused before a container is made. */
  private async begin(): Promise<Start> {
    const engine = await requireEngine();
    const plugins = this.plugins ?? (await Promise.all(this.modules.map(loadUncheckedModule))).map(pluginOf);
    await requireImage(engine, this.imageName, this.pullPolicy);
    const isTemporary = this.autoCleanup && !this.reuse;
    if (isTemporary) await requireReaper(engine);
    await this.prepare(engine);
    const output = new ContainerOutput(plugins, this.toOutput);
    const held = { lifeline: isTemporary ? lifeline(engine) : noLifeline, containerId: null, guard: null };
    return (this.current = { engine, plugins, output, ...held, isPublished: false });
  }

  private outputOf(containerId: string): ContainerOutput | null {
    return this.current?.containerId === containerId ? this.current.output : null;
  }

  private async serving(start: Start): Promise<StartedEnvoyContainer> {
    const started = await super.start();
    const { engine, output, containerId, guard } = start;
    if (containerId === null) await output.catchUp(engine.container.getById(started.getId()));
    const envoy = new StartedEnvoyContainer(started, { output, guard, isReused: this.reuse });
    if (this.exposedPorts.length > 1)
      await refuseUnreachable(envoy.adminUrl, (port) => this.hasExposedPort(port));
    return envoy;
  }

  private async prepare(engine: ContainerRuntimeClient): Promise<void> {
    const { bootstrap } = this;
    if (bootstrap !== null) {
      const { file: target, content } = bootstrap;
      this.contentsToCopy = this.contentsToCopy.filter((copied) => copied.target !== target);
      this.withCopyContentToContainer([{ content, target, mode: fileMode }]);
    }
    this.withCommand([
      ...["-c", bootstrap?.file ?? "/etc/envoy/envoy.yaml"],
      ...["--config-yaml", JSON.stringify({ admin: { address: anyAddress(adminPort) } })],
      ...["--disable-hot-restart", "--concurrency", String(this.concurrency)],
      ...["--log-format", timedLogFormat, "--log-format-escaped"],
      ...flushFlags(imageVersion(this.imageName.string)),
      ...this.flags,
    ]);
    this.publishOn(await publishedOn(engine));
    this.withLabels(this.reuse ? { [digestLabel]: await this.digest() } : { [startLabel]: randomUUID() });
  }

  private publishOn(address: string | null): void {
    if (address === null) return;
    const bindings = (this.hostConfig.PortBindings ?? {}) as Record<string, object[]>;
    for (const [port, all] of Object.entries(bindings)) {
      bindings[port] = all.map((binding) => ({ HostIp: address, ...binding }));
    }
  }

  /** Of what testcontainers leaves out when it looks for a container to reuse; of folders the names alone. */
  private async digest(): Promise<string> {
    const { contentsToCopy, directoriesToCopy, hostConfig } = this;
    const digest = createHash("sha256").update(
      JSON.stringify([contentsToCopy, directoriesToCopy, hostConfig]),
    );
    for (const { source, target } of this.filesToCopy) {
      digest.update(JSON.stringify(target)).update(await readFile(source));
    }
    return digest.digest("hex");
  }

  /** Removes what a failed start has left: a container is there before testcontainers says so. */
  private async discard({ engine, output, guard, containerId }: Start): Promise<void> {
    const { dockerode } = engine.container;
    const label = this.createOpts.Labels?.[startLabel];
    const filters = containerId === null ? { label: [`${startLabel}=${label}`] } : { id: [containerId] };
    const left = await dockerode.listContainers({ all: true, filters });
    await Promise.all(left.map(({ Id }) => removed(dockerode.getContainer(Id))));
    output.close();
    guard?.[Symbol.dispose]();
  }
}

function anyAddress(port: number): object {
  return { socket_address: { address: "0.0.0.0", port_value: port } };
}

/** What a module's log lines and refusals are told apart by where nothing more is known of its plugin. */
function pluginOf(module: WasmModule): Plugin {
  const none = new Uint8Array();
  return {
    name: module.name,
    rootId: "",
    vmId: "",
    vmConfiguration: none,
    module,
    configuration: none,
    allowOnHeadersStopIteration: false,
  };
}
