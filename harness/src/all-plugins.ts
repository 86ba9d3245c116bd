import type { ListenerPlugins, Plugin, Scenario, Service } from "./backend.ts";
import type { ProxyModule } from "./module/load.ts";

/** Every plugin of a scenario: singletons, which are there before any worker, then the order in which a worker makes them. */
export function allPlugins({
  services,
  ...listener
}: ListenerPlugins & Pick<Scenario, "services">): Plugin[] {
  const isSingleton = (service: Service): boolean => service.isSingleton;
  const others = services.filter((service) => !isSingleton(service));
  return [...services.filter(isSingleton), ...listenerPlugins(listener), ...others];
}

/** Those of the listener, in the same order. */
export function listenerPlugins({ plugins, accessLoggers }: ListenerPlugins): Plugin[] {
  return [...accessLoggers, ...plugins];
}

/** What is told of their modules, those of filters first. */
export function modulesOf({ plugins, accessLoggers }: ListenerPlugins): ProxyModule[] {
  return [...plugins, ...accessLoggers].map(({ module: { name, path, sha256 } }) => ({ name, path, sha256 }));
}
