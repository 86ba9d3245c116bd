import { BasicPlugin } from "./plugin/basic-plugin";
import { publishBuildInfo } from "./metrics/build-info";
import { Bytes, utf8 } from "./bytes";
import { pluginConfiguration } from "./buffers";
import { Callback, enter, leave } from "./callbacks";
import { addContext, Context, ContextKind, findContext, removeContext } from "./contexts";
import { defineAll } from "./metrics/definitions";
import { endWorkerGauges } from "./metrics/worker-gauge";
import { enterPlugin, runAs } from "./effective-context";
import { FilterStream, openStream } from "./filter-stream";
import { HttpStream } from "./http/stream";
import { logError } from "./logging";
import { misplaced } from "./refusals/misplaced";
import { chosenFilter, RegisteredFilter } from "./plugin/registry";
import { classOf } from "./runtime/objects";
import { reserveTick } from "./plugin/tick";

// How many plugins the VM has. Lazy, so that modules without gauges of workers contain nothing of it.
// @ts-ignore: decorator
@lazy
let plugins: i32 = 0;

/** A filter as it stands in the proxy's configuration; the ABI calls it a root context. */
class PluginContext extends Context {
  private filter: RegisteredFilter | null = null;
  private streamClass: u32 = 0;
  plugin: BasicPlugin = new BasicPlugin();

  constructor() {
    super(ContextKind.Plugin);
  }

  /** Chooses the filter by the plugin's root_id and reads the configuration; false when either is refused. */
  configure(configurationLength: i32): bool {
    const filter = chosenFilter();
    if (filter === null) return false;
    defineAll();
    const sample = filter.makeSample();
    const configuration = sample.makeConfiguration();
    const problem = configuration.take(pluginConfiguration(configurationLength));
    if (problem !== null) return refuseConfiguration(filter, problem);
    const plugin = sample.makePlugin();
    plugin.configuration = configuration;
    plugin.filterName = filter.rootId;
    this.filter = filter;
    this.streamClass = classOf(changetype<usize>(sample));
    this.plugin = plugin;
    publishBuildInfo(filter.buildInfo);
    if (isDefined(HAS_proxy_on_tick)) reserveTick();
    plugin.onConfigured();
    return true;
  }

  /** The host's tick for this plugin. */
  tick(): void {
    this.plugin.dispatchTick();
  }

  /** Something has come into one of the plugin's queues. */
  queueReady(token: u32): void {
    this.plugin.dispatchQueueReady(token);
  }

  /** Makes a stream through this plugin, but not while the plugin is not configured. */
  makeStream(): void {
    const filter = this.filter;
    if (filter === null) return;
    openStream(this.plugin, this.contextId, this.streamClass);
    filter.make();
  }
}

/** Makes the context that the host announces: a plugin when it has no parent, else a stream of its parent. */
export function createContext(id: u32, parentId: u32): void {
  const interrupted = enter(Callback.ContextCreate);
  runAs(id);
  if (parentId == 0) makePlugin(id);
  else makeStream(parentId);
  leave(interrupted);
}

/** Configures a plugin; false, after one log line at error, when it is refused. */
export function configurePlugin(id: u32, configurationLength: i32): bool {
  const interrupted = enterPlugin(Callback.Configure, id);
  const plugin = findPlugin(id);
  const accepted = plugin !== null && plugin.configure(configurationLength);
  leave(interrupted);
  return accepted;
}

/** Runs what is due in a plugin. */
export function tickPlugin(id: u32): void {
  const interrupted = enterPlugin(Callback.Tick, id);
  const plugin = findPlugin(id);
  if (plugin !== null) plugin.tick();
  leave(interrupted);
}

/** Hands the messages of a queue to the plugin that reads it. */
export function queueReady(id: u32, token: u32): void {
  const interrupted = enterPlugin(Callback.QueueReady, id);
  const plugin = findPlugin(id);
  if (plugin !== null) plugin.queueReady(token);
  leave(interrupted);
}

/** The HTTP stream with this number; null when the SDK does not know it, and lets everything pass. */
export function stream(id: u32): HttpStream | null {
  const context = findContext(id);
  if (context === null || context.kind == ContextKind.Plugin) return null;
  if (isDefined(HAS_NETWORK_FILTER)) {
    if (context.kind == ContextKind.Connection) return misplaced(changetype<FilterStream>(context));
  }
  return changetype<HttpStream>(context);
}

/** The stream or connection with this number; null when the SDK does not know it, and lets everything pass. */
export function anyStream(id: u32): FilterStream | null {
  const context = findContext(id);
  if (context === null || context.kind == ContextKind.Plugin) return null;
  return changetype<FilterStream>(context);
}

/** The plugin with this number; null when the number is that of a stream, or of nothing. */
export function pluginOf(id: u32): BasicPlugin | null {
  const context = findPlugin(id);
  return context === null ? null : context.plugin;
}

/** Forgets a plugin or a stream. */
export function deleteContext(id: u32): void {
  const interrupted = enter(Callback.Delete);
  if (isDefined(HAS_proxy_on_queue_ready_with_workers)) {
    if (findPlugin(id) !== null && --plugins == 0) endWorkerGauges();
  }
  removeContext(id);
  leave(interrupted);
}

function makePlugin(id: u32): void {
  const context = new PluginContext();
  context.contextId = id;
  addContext(context);
  if (isDefined(HAS_proxy_on_queue_ready_with_workers)) plugins++;
}

function makeStream(parentId: u32): void {
  const plugin = findPlugin(parentId);
  if (plugin !== null) plugin.makeStream();
}

function findPlugin(id: u32): PluginContext | null {
  const context = findContext(id);
  if (context === null || context.kind != ContextKind.Plugin) return null;
  return changetype<PluginContext>(context);
}

function refuseConfiguration(filter: RegisteredFilter, problem: Bytes): bool {
  logError(filter.rootId.concat(utf8(": configuration refused: ")).concat(problem));
  return false;
}
