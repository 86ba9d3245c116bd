import { BasicConfiguration, NoConfiguration } from "./plugin/configuration";
import { StreamlessPlugin } from "./plugin/streamless-plugin";

/**
 * What a service extends, which lives as long as the proxy and has no streams: one that does things by timers and
 * queues. `C` is the class of its configuration, as in `HttpFilter`. Envoy runs a singleton on its main thread alone,
 * and others on each thread. Source: Envoy, `envoy.extensions.wasm.v3.WasmService`, which stands in
 * `bootstrap_extensions`.
 *
 * @category Access loggers and services
 */
export abstract class Service<C extends BasicConfiguration = NoConfiguration> extends StreamlessPlugin<C> {}

/**
 * Decorates the class that is a service: `@service("root id")`, as `@httpFilter` does for a filter.
 *
 * @category Access loggers and services
 */
export function service(rootId: string): void {
  ERROR(
    "@service is no function to call: write it before a class, and let asconfig.json extend as-proxy-wasm/asconfig.json",
  );
}
