import { Shutdown } from "../abi/types";
import { Bytes, utf8 } from "../bytes";
import { BasicConfiguration, NoConfiguration } from "./configuration";
import { actAsBefore, actFor, runningContextId } from "../effective-context";
import { GrpcCall, sendGrpcCall } from "../grpc/calls";
import { GrpcRequest } from "../grpc/request";
import { beginGrpcStream, GrpcStream } from "../grpc/streams";
import { HttpCallRequest } from "../http-calls/request";
import { HttpCall, sendHttpCall } from "../http-calls";
import { PluginParts } from "./parts";
import { RouteConfigs } from "./route-config";
import { pluginName, pluginRootId } from "../properties";
import { refuseAccessLog } from "../refusals/misplaced";
import { SharedData } from "../shared-data";
import { endDeferredPlugin } from "./shutdown";
import { QueueReader, QueueReaders } from "../shared-queues";
import { Timer, Timers } from "../timers";

/**
 * A filter as it stands in the proxy's configuration, and what all its streams share: one object for each plugin
 * and VM. Envoy has a VM for each worker thread, one for its main thread, and one that only tries the configuration.
 * What `HttpFilter` takes when a filter names no class of its own; extend `Plugin`, which adds the configuration. A
 * global name, for asc looks up the default of a type parameter in the file that leaves the type out. Source:
 * proxy-wasm ABI 0.2.1, "Context lifecycle".
 *
 * @category Filters
 */
// @ts-ignore: decorator
@global
export class BasicPlugin {
  /** For the SDK: what the plugin is configured with. @internal */
  configuration: BasicConfiguration = new NoConfiguration();
  /** For the SDK: the name that `@httpFilter` gives. @internal */
  filterName: Bytes = Bytes.EMPTY;
  /** For the SDK: the host's number for it, in whose configuration it is made. @internal */
  private readonly contextId: u32 = runningContextId();
  private readonly parts: PluginParts = new PluginParts();

  /** The configuration is accepted, and streams may come. Runs in each VM. */
  onConfigured(): void {}

  /**
   * The plugin is to end, for its configuration is replaced or the proxy stops; new streams go elsewhere. After
   * `Shutdown.Later` its timers and queues go on until it calls `done()`. Envoy 1.40 does not wait for that: it keeps the
   * VM only while another plugin, or the new configuration of this one, runs in it. Runs in each VM.
   */
  onDone(): Shutdown {
    return Shutdown.Now;
  }

  /**
   * Ends the plugin, after `onDone` has answered `Shutdown.Later`. Refused before and when called again, which is logged
   * at error; false then. Valid in every callback of this plugin.
   */
  done(): bool {
    return endDeferredPlugin(this.contextId);
  }

  /**
   * Lets a timer happen once, so many milliseconds from now and at least 1. A timer that is set already is set anew.
   * Valid in every callback of this plugin and its streams.
   */
  after(delayMs: u32, timer: Timer): void {
    this.timers.set(timer, null, delayMs, 0);
  }

  /**
   * Lets a timer happen every so many milliseconds, at least 1, from now on. A tick that came late does not shift those
   * that follow, and those that were missed are not made up for. Otherwise as `after`.
   */
  every(periodMs: u32, timer: Timer): void {
    this.timers.set(timer, null, periodMs, max<u32>(periodMs, 1));
  }

  /**
   * Makes a queue, unless there is one of this name, and lets the reader take its messages: in the VM that opened it
   * last, which alone is told of them. False, which is logged at error, when the host refuses. Valid in `onConfigured`.
   */
  readQueue(name: Bytes, reader: QueueReader): bool {
    const before = actFor(this.contextId);
    const isOpen = this.parts.get<QueueReaders>().open(name, reader);
    actAsBefore(before);
    return isOpen;
  }

  /**
   * Asks a service for the plugin; `handler.onResult` has the answer, or why there is none, whatever becomes of the stream
   * in whose callback this was called. Valid in every callback of this plugin and its streams, `onConfigured` included:
   * there each VM asks for itself, that of Envoy's main thread too.
   */
  call(request: HttpCallRequest, handler: HttpCall): void {
    const before = actFor(this.contextId);
    sendHttpCall(null, request, handler);
    actAsBefore(before);
  }

  /** Calls a method of a gRPC service, as `HttpFilter.callGrpc`, for no stream: the call outlives them all. */
  callGrpc(request: GrpcRequest, handler: GrpcCall): void {
    const before = actFor(this.contextId);
    sendGrpcCall(null, request, handler);
    actAsBefore(before);
  }

  /** Opens a stream to a method of a gRPC service, as `HttpFilter.openGrpcStream`, for no stream. */
  openGrpcStream(request: GrpcRequest, handler: GrpcStream): bool {
    const before = actFor(this.contextId);
    const isOpen = beginGrpcStream(null, request, handler);
    actAsBefore(before);
    return isOpen;
  }

  /** What all VMs of this plugin share, over all worker threads. Valid from `onConfigured` on. */
  get sharedData(): SharedData {
    const known = this.parts.find<SharedData>();
    if (known !== null) return known;
    const before = actFor(this.contextId);
    const sharedData = new SharedData(this.namespace);
    actAsBefore(before);
    return this.parts.add(sharedData);
  }

  /** For the SDK: the settings per route, each decoded once. @internal */
  get routeConfigs(): RouteConfigs {
    return this.parts.get<RouteConfigs>();
  }

  private get namespace(): Bytes {
    const names = pluginName().concat(utf8("\0")).concat(pluginRootId());
    return this.filterName.concat(utf8("\0")).concat(names).concat(utf8("\0"));
  }

  /** For the SDK: the timers of the plugin and of its streams. @internal */
  get timers(): Timers {
    const known = this.parts.find<Timers>();
    return known !== null ? known : this.parts.add(new Timers(this.contextId));
  }

  /** For the SDK: a stream is over whose access log this plugin is to write. @internal */
  dispatchLog(): void {
    refuseAccessLog(this.filterName);
  }

  /** For the SDK: the host's tick. @internal */
  dispatchTick(): void {
    this.timers.runDue();
  }

  /** For the SDK: the host has something in a queue. @internal */
  dispatchQueueReady(token: u32): void {
    this.parts.get<QueueReaders>().ready(token);
  }
}

/**
 * What a plugin with state of its own extends: timers, queues, what its streams share. A filter names it as its
 * second type, `HttpFilter<C, P>`, and reaches it as `this.plugin`. `C` is the class of the plugin's configuration,
 * as in `HttpFilter`. Source: proxy-wasm ABI 0.2.1, "Context lifecycle".
 *
 * @category Filters
 */
export abstract class Plugin<C extends BasicConfiguration = NoConfiguration> extends BasicPlugin {
  /** The plugin's configuration. Not valid in the constructor, which runs before it is given. */
  get config(): C {
    return changetype<C>(this.configuration);
  }
}
