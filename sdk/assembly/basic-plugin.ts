import { Bytes } from "./bytes";
import { NoConfiguration, PluginConfiguration } from "./configuration";
import { GrpcCall, sendGrpcCall } from "./grpc-calls";
import { GrpcRequest } from "./grpc-request";
import { beginGrpcStream, GrpcStream } from "./grpc-streams";
import { RouteConfigs } from "./route-config";
import { pluginName, pluginRootId } from "./properties";
import { SharedData } from "./shared-data";
import { QueueReader, QueueReaders } from "./shared-queues";
import { Timer, Timers } from "./timers";

/**
 * A filter as it stands in the proxy's configuration, and what all its streams share: one object for each plugin and
 * VM. Envoy has a VM for each worker thread, one for its main thread, and one that only tries the configuration. What
 * `HttpFilter` takes when a filter names no class of its own; extend `Plugin`, which adds the configuration. A global
 * name, for asc looks up the default of a type parameter in the file that leaves the type out.
 */
// @ts-ignore: decorator
@global
export class BasicPlugin {
  /** For the SDK: what the plugin is configured with. */
  configuration: PluginConfiguration = new NoConfiguration();
  /** For the SDK: the name that `@httpFilter` gives. */
  filterName: string = "";
  private readonly timers: Timers = new Timers();
  /** For the SDK: the settings per route, each decoded once. */
  readonly routeConfigs: RouteConfigs = new RouteConfigs();
  private readonly queueReaders: QueueReaders = new QueueReaders();
  private knownSharedData: SharedData | null = null;

  /** The configuration is accepted, and streams may come. Runs in each VM. */
  onConfigured(): void {}

  /**
   * Lets a timer happen once, so many milliseconds from now and at least 1. A timer that is set already is set anew.
   * Valid in every callback of this plugin and its streams.
   */
  after(delayMs: u32, timer: Timer): void {
    this.timers.set(timer, delayMs, 0);
  }

  /**
   * Lets a timer happen every so many milliseconds, at least 1, from now on. A tick that came late does not shift those
   * that follow, and those that were missed are not made up for. Otherwise as `after`.
   */
  every(periodMs: u32, timer: Timer): void {
    this.timers.set(timer, periodMs, max<u32>(periodMs, 1));
  }

  /**
   * Makes a queue, unless there is one of this name, and lets the reader take its messages: in the VM that opened it
   * last, which alone is told of them. False, which is logged at error, when the host refuses. Valid in `onConfigured`.
   */
  readQueue(name: Bytes, reader: QueueReader): bool {
    return this.queueReaders.open(name, reader);
  }

  /** Calls a method of a gRPC service, as `HttpFilter.callGrpc`, for no stream: the call outlives them all. */
  callGrpc(request: GrpcRequest, handler: GrpcCall): void {
    sendGrpcCall(null, request, handler);
  }

  /** Opens a stream to a method of a gRPC service, as `HttpFilter.openGrpcStream`, for no stream. */
  openGrpcStream(request: GrpcRequest, handler: GrpcStream): bool {
    return beginGrpcStream(null, request, handler);
  }

  /** What all VMs of this plugin share, over all worker threads. Valid from `onConfigured` on. */
  get sharedData(): SharedData {
    const known = this.knownSharedData;
    if (known !== null) return known;
    const names = pluginName().toString() + "\0" + pluginRootId().toString();
    const fresh = new SharedData(Bytes.fromString(this.filterName + "\0" + names + "\0"));
    this.knownSharedData = fresh;
    return fresh;
  }

  /** For the SDK: the host's tick. */
  dispatchTick(): void {
    this.timers.runDue();
  }

  /** For the SDK: the host has something in a queue. */
  dispatchQueueReady(token: u32): void {
    this.queueReaders.ready(token);
  }
}

/**
 * What a plugin with state of its own extends: timers, queues, what its streams share. A filter names it as its second
 * type, `HttpFilter<C, P>`, and reaches it as `this.plugin`. `C` is the class of the plugin's configuration, as in
 * `HttpFilter`.
 */
export abstract class Plugin<C extends PluginConfiguration = NoConfiguration> extends BasicPlugin {
  /** The plugin's configuration. Not valid in the constructor, which runs before it is given. */
  get config(): C {
    return changetype<C>(this.configuration);
  }
}
