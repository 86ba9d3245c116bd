import fc, { type IRawProperty } from "fast-check";
import { PLUGIN } from "./host/light-host.ts";
import type { Subject } from "./subject.ts";
import { hostile } from "./told/hostile.ts";
import { agree } from "./told/world.ts";

const rootId = fc.oneof(fc.constantFrom("first", "second", "First", "first ", "secon"), hostile);

/** Of a module with two filters, the root_id chooses one, or the configuration is refused. */
export function rootIdDecides(subject: Subject): IRawProperty<[string]> {
  return fc.property(rootId, (name) => {
    subject.onLightHost({}, (host) => {
      host.state.properties.set("plugin_root_id", name);
      agree("the verdict", host.configure('{"value":"v"}'), name === "first" || name === "second");
      host.openStream(PLUGIN + 1);
      host.call("proxy_on_request_headers", PLUGIN + 1, 0, 1);
      const written = name === "first" || name === "second" ? [[`x-${name}`, "v"]] : [];
      agree("what was written", host.state.maps[0], written);
    });
  });
}
