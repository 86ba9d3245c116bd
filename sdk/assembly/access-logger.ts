import { BasicConfiguration, NoConfiguration } from "./plugin/configuration";
import { RequestHeaders, ResponseHeaders, ResponseTrailers } from "./http-fields";
import { StreamlessPlugin } from "./plugin/streamless-plugin";

// One object serves all streams: it keeps nothing beyond the callback that it is read in.
// @ts-ignore: decorator
@lazy
const requestHeaders = new RequestHeaders();
// @ts-ignore: decorator
@lazy
const responseHeaders = new ResponseHeaders();
// @ts-ignore: decorator
@lazy
const responseTrailers = new ResponseTrailers();

/**
 * What an access logger extends: one object for each plugin and VM, told of every stream that is over. `C` is the class
 * of the plugin's configuration, as in `HttpFilter`. It has the timers, queues and shared data of any plugin. Source:
 * Envoy, `envoy.extensions.access_loggers.wasm.v3.WasmAccessLog`.
 *
 * @category Access loggers and services
 */
export abstract class AccessLogger<
  C extends BasicConfiguration = NoConfiguration,
> extends StreamlessPlugin<C> {
  /**
   * A stream is over, and all filters have logged it. Its headers and its `properties`, duration and response code among
   * them, can be read here and nowhere else; nothing of it can be changed.
   */
  abstract onLog(): void;

  /** The request's headers as they went to the upstream; valid in `onLog`, to read. */
  get requestHeaders(): RequestHeaders {
    return requestHeaders;
  }

  /** The response's headers as they went to the client, none when there was no response; valid in `onLog`, to read. */
  get responseHeaders(): ResponseHeaders {
    return responseHeaders;
  }

  /** The response's trailers, none when it had none; valid in `onLog`, to read. */
  get responseTrailers(): ResponseTrailers {
    return responseTrailers;
  }

  /** For the SDK. @internal */
  dispatchLog(): void {
    this.onLog();
  }
}

/**
 * Decorates the class that serves an access logger: `@accessLogger("root id")`, as `@httpFilter` does for a filter.
 *
 * @category Access loggers and services
 */
export function accessLogger(rootId: string): void {
  ERROR(
    "@accessLogger is no function to call: write it before a class, and let asconfig.json extend as-proxy-wasm/asconfig.json",
  );
}
