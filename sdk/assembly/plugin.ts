import { LogLevel } from "./abi/types";
import { BasicPlugin } from "./basic-plugin";
import { publishBuildInfo } from "./build-info";
import { Bytes } from "./bytes";
import { pluginConfiguration } from "./buffers";
import { Callback, enter, leave } from "./callbacks";
import { addContext, Context, findContext, removeContext } from "./contexts";
import { defineAll } from "./definitions";
import { FilterStream } from "./filter-stream";
import { HttpStream } from "./http-stream";
import { log } from "./logging";
import { misplaced } from "./misplaced-filters";
import { pluginRootId } from "./properties";
import { findFilter, RegisteredFilter, registeredNames } from "./registry";

/** Stands for a stream that the SDK does not know: lets everything pass. */
const UNKNOWN_STREAM = new HttpStream();

/** A filter as it stands in the proxy's configuration; the ABI calls it a root context. */
class PluginContext extends Context {
  private filter: RegisteredFilter | null = null;
  private plugin: BasicPlugin = new BasicPlugin();

  /** Chooses the filter by the plugin's root_id and reads the configuration; false when either is refused. */
  configure(configurationLength: i32): bool {
    const rootId = pluginRootId();
    const filter = findFilter(rootId);
    if (filter === null) return refuseRootId(rootId);
    defineAll();
    const sample = filter.make();
    const configuration = sample.makeConfiguration();
    const problem = configuration.accept(pluginConfiguration(configurationLength));
    if (problem !== null) return refuseConfiguration(filter, problem);
    const plugin = sample.makePlugin();
    plugin.configuration = configuration;
    plugin.filterName = filter.rootId;
    this.filter = filter;
    this.plugin = plugin;
    publishBuildInfo(filter.buildInfo);
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

  /** A stream through this plugin; null while the plugin is not configured. */
  openStream(): FilterStream | null {
    const filter = this.filter;
    if (filter === null) return null;
    const stream = filter.make();
    stream.configuration = this.plugin.configuration;
    stream.basicPlugin = this.plugin;
    return stream;
  }
}

/** Makes the context that the host announces: a plugin when it has no parent, else a stream of its parent. */
export function createContext(id: u32, parentId: u32): void {
  const interrupted = enter(Callback.ContextCreate);
  const context = parentId == 0 ? new PluginContext() : openStream(parentId);
  if (context !== null) {
    context.contextId = id;
    context.parentContextId = parentId;
    addContext(context);
  }
  leave(interrupted);
}

/** Configures a plugin; false, after one log line at error, when it is refused. */
export function configurePlugin(id: u32, configurationLength: i32): bool {
  const interrupted = enter(Callback.Configure);
  const context = findContext(id);
  const accepted =
    context instanceof PluginContext && changetype<PluginContext>(context).configure(configurationLength);
  leave(interrupted);
  return accepted;
}

/** Runs what is due in a plugin. */
export function tickPlugin(id: u32): void {
  const interrupted = enter(Callback.Tick);
  const context = findContext(id);
  if (context instanceof PluginContext) changetype<PluginContext>(context).tick();
  leave(interrupted);
}

/** Hands the messages of a queue to the plugin that reads it. */
export function queueReady(id: u32, token: u32): void {
  const interrupted = enter(Callback.QueueReady);
  const context = findContext(id);
  if (context instanceof PluginContext) changetype<PluginContext>(context).queueReady(token);
  leave(interrupted);
}

/** The HTTP stream with this number; one that lets everything pass when there is none. */
export function stream(id: u32): HttpStream {
  const context = findContext(id);
  if (context instanceof HttpStream) return changetype<HttpStream>(context);
  // @ts-ignore: a name that the entry has where a network filter is in the module
  if (isDefined(HAS_NETWORK_FILTER)) {
    if (context instanceof FilterStream) return misplaced(changetype<FilterStream>(context));
  }
  return UNKNOWN_STREAM;
}

/** The stream or connection with this number; one that lets everything pass when there is none. */
export function anyStream(id: u32): FilterStream {
  // @ts-ignore: a name that the entry has where a network filter is in the module
  if (isDefined(HAS_NETWORK_FILTER)) {
    const context = findContext(id);
    return context instanceof FilterStream ? changetype<FilterStream>(context) : UNKNOWN_STREAM;
  }
  return stream(id);
}

/** Forgets a plugin or a stream. */
export function deleteContext(id: u32): void {
  const interrupted = enter(Callback.Delete);
  removeContext(id);
  leave(interrupted);
}

function openStream(parentId: u32): Context | null {
  const parent = findContext(parentId);
  return parent instanceof PluginContext ? changetype<PluginContext>(parent).openStream() : null;
}

function refuseRootId(rootId: Bytes): bool {
  const rest = Bytes.fromString('" is unknown: this module has ' + registeredNames());
  log.writeBytes(LogLevel.Error, Bytes.fromString('root_id "').concat(rootId).concat(rest));
  return false;
}

function refuseConfiguration(filter: RegisteredFilter, problem: string): bool {
  log.error(filter.rootId + ": configuration refused: " + problem);
  return false;
}
