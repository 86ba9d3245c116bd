import { types, type Check } from "../configuration.ts";
import { typeHint } from "../structure/any.ts";

/** Messages that are nothing without a `typed_config`, and what else can stand in its place. */
const holders: ReadonlyArray<readonly [type: string, instead: readonly string[]]> = [
  [`${types.manager.replace(/\.[^.]+$/, "")}.HttpFilter`, ["config_discovery"]],
  ["envoy.config.listener.v3.Filter", ["config_discovery"]],
  ["envoy.config.listener.v3.ListenerFilter", ["config_discovery"]],
  ["envoy.config.accesslog.v3.AccessLog", []],
  ["envoy.config.core.v3.TransportSocket", []],
];

/** An extension is found by its type: the name is only a label. */
export const extensionsAreTyped: Check = (configuration, report) => {
  for (const [type, instead] of holders) {
    for (const holder of configuration.all(type)) {
      if (holder.hasUnknownKey || ["typed_config", ...instead].some((field) => holder.has(field))) continue;
      const name = holder.text("name") ?? "";
      report(
        "missing-typed-config",
        holder.spot,
        `${name || "this"} has no typed_config: Envoy finds an extension by its type, and the name is only a label`,
        `typed_config: { ${typeHint(name) ?? '"@type": …'} }`,
      );
    }
  }
};
