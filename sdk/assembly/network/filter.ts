import { Action, StreamType } from "../abi/types";
import { BasicPlugin } from "../plugin/basic-plugin";
import { utf8 } from "../bytes";
import { BasicConfiguration, NoConfiguration } from "../plugin/configuration";
import { HttpCallRequest } from "../http-calls/request";
import { HttpCall, sendHttpCall } from "../http-calls";
import { NetworkStream } from "./stream";

/**
 * What a network filter extends: one object for each connection, made when a client connects. `C` is the class of the
 * plugin's configuration, and `P` that of what all connections of the plugin share, as in `HttpFilter`; a filter that has
 * none leaves it out. Source: proxy-wasm ABI 0.2.1, "TCP streams"; Envoy, `envoy.filters.network.wasm`.
 *
 * @category Connections
 */
export abstract class NetworkFilter<
  C extends BasicConfiguration = NoConfiguration,
  P extends BasicPlugin = BasicPlugin,
> extends NetworkStream {
  /** The plugin's configuration. Valid in every callback, and in the filter's constructor. */
  get config(): C {
    return changetype<C>(this.basicPlugin.configuration);
  }

  /** What all connections of the plugin share. Valid in every callback, and in the filter's constructor. */
  get plugin(): P {
    return changetype<P>(this.basicPlugin);
  }

  /**
   * Lets go on what `onNewConnection` or `onDownstreamData` paused, with the bytes that are held; in the callback itself
   * it undoes the pause. Refused, which is logged at error, when nothing is paused or the connection is closed. There is
   * none for the upstream's bytes: the host has no such call.
   */
  resumeDownstream(): void {
    this.resume();
  }

  /**
   * Ends the connection to the client, and with it the one to the upstream. What has gone on to the client before is
   * sent; the bytes that the running callback shows, or that are held, are not. Returns the action that a callback is to
   * return. Valid in every callback, those of timers and callouts included, while the connection lives; refused, which
   * is logged at error, in the constructor, `onDownstreamClose`, `onDone` and `onLog`, and the second time.
   */
  closeDownstream(): Action {
    return this.closeBy(StreamType.Downstream, utf8("closeDownstream"));
  }

  /** As `closeDownstream`: Envoy 1.40 has one connection for a filter, and closes that for either side. */
  closeUpstream(): Action {
    return this.closeBy(StreamType.Upstream, utf8("closeUpstream"));
  }

  /**
   * Asks a service; `handler.onResult` has the answer, or why there is none. Valid in every callback while the connection
   * lives, and in the constructor; one that is to wait for the answer is paused, and resumed or closed by the handler.
   */
  call(request: HttpCallRequest, handler: HttpCall): void {
    sendHttpCall(this, request, handler);
  }

  /** For the SDK: a fresh configuration of the class that the filter names. @internal */
  makeConfiguration(): BasicConfiguration {
    return instantiate<C>();
  }

  /** For the SDK: a fresh plugin of the class that the filter names. @internal */
  makePlugin(): BasicPlugin {
    return instantiate<P>();
  }
}

/**
 * Decorates the class that serves a plugin among the network filters of a listener: `@networkFilter("root id")`, as
 * `@httpFilter` does among HTTP filters. A module may have filters of both kinds.
 *
 * @category Connections
 */
export function networkFilter(rootId: string): void {
  ERROR(
    "@networkFilter is no function to call: write it before a class, and let asconfig.json extend as-proxy-wasm/asconfig.json",
  );
}
