import { Action } from "./abi/types";
import { BasicPlugin } from "./basic-plugin";
import { Bytes } from "./bytes";
import { Configuration, NoConfiguration, PluginConfiguration } from "./configuration";
import { HttpStream } from "./http-stream";
import { RouteConfig } from "./route-config";
import { ReplyOptions, sendLocalReply } from "./streams";

/**
 * What an HTTP filter extends: one object for each stream, made when the stream begins. `C` is the class of the
 * plugin's configuration, and `P` that of what all streams of the plugin share; a filter that has none leaves it out.
 */
export abstract class HttpFilter<
  C extends PluginConfiguration = NoConfiguration,
  P extends BasicPlugin = BasicPlugin,
> extends HttpStream {
  /** The plugin's configuration. Not valid in the filter's constructor, which runs before it is given. */
  get config(): C {
    return changetype<C>(this.configuration);
  }

  /** What all streams of the plugin share. Not valid in the filter's constructor, which runs before it is given. */
  get plugin(): P {
    return changetype<P>(this.basicPlugin);
  }

  /**
   * Answers the stream from here; the upstream is not reached, or its response is dropped. Returns the action that the
   * callback is to return. `details` is the reason code that Envoy shows as `response.code_details`, with `_` for
   * blanks. A status outside of 200 to 599 is logged at error and sent as 500. Refused, which is logged, in `onLog` and
   * `onDone`. From `onResponseBody` on the headers are sent already, and the stream is reset.
   */
  respond(status: i32, details: string, options: ReplyOptions | null = null): Action {
    return sendLocalReply(status, details, options);
  }

  /**
   * The settings that the request's route has for this filter, else those of its virtual host: Envoy has no
   * configuration per route for Wasm, so they stand in `metadata.filter_metadata` under the filter's name, that of
   * `@httpFilter`. Null when neither has any. Settings that are refused say why; a filter in doubt refuses the request.
   * They are decoded once, not for each request. Valid from the request's headers on.
   */
  routeConfig<T extends Configuration>(): RouteConfig<T> | null {
    const plugin = this.basicPlugin;
    return plugin.routeConfigs.find<T>(Bytes.fromString(plugin.filterName));
  }

  /** For the SDK: a fresh configuration of the class that the filter names. */
  makeConfiguration(): PluginConfiguration {
    return instantiate<C>();
  }

  /** For the SDK: a fresh plugin of the class that the filter names. */
  makePlugin(): BasicPlugin {
    return instantiate<P>();
  }
}

/**
 * Decorates the class that serves a plugin: `@httpFilter("root id")`. A module with one filter serves any `root_id`, a
 * module with several serves the plugins whose `root_id` they name. It is the SDK's transform that acts on it.
 */
export function httpFilter(rootId: string): void {
  ERROR("@httpFilter needs the SDK's transform: let asconfig.json extend as-proxy-wasm/asconfig.json");
}
