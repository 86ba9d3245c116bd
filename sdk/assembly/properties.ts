import { proxy_get_property, proxy_set_property } from "./abi/imports";
import { lengthSlot, resultBytes, resultSlot } from "./abi/memory";
import { Status } from "./abi/types";
import { Bytes, utf8 } from "./bytes";
import { succeeded } from "./host-calls";

/**
 * The value of a property in the host's encoding; null when the host has none of that path, or not in this
 * callback. The path's segments are joined by NUL: `utf8("xds\0route_name")`. `properties` has the known ones,
 * decoded. Valid in every callback. Source: proxy-wasm ABI 0.2.1, "Properties"; Envoy, "Attributes".
 *
 * @category Properties
 */
export function getProperty(path: Bytes): Bytes | null {
  const status = proxy_get_property(path.start, path.length, resultSlot(), lengthSlot());
  return status == Status.Ok ? resultBytes() : null;
}

/**
 * Stores bytes in the stream's filter state as `wasm.<path>`, where later filters and the access log read them, and
 * `getProperty` of the same path does. False, which is logged at error, outside of a stream, in an access logger, and where
 * `declareProperty` made it read-only. Source: proxy-wasm ABI 0.2.1, `proxy_set_property`.
 *
 * @category Properties
 */
export function setProperty(path: Bytes, value: Bytes): bool {
  const status = proxy_set_property(path.start, path.length, value.start, value.length);
  return succeeded(utf8("proxy_set_property"), status);
}

/** The `root_id` of the plugin whose callback runs; no bytes when it has none. Valid in every callback. */
export function pluginRootId(): Bytes {
  return orEmpty(getProperty(utf8("plugin_root_id")));
}

/** The `name` of the plugin whose callback runs; no bytes when it has none. Valid in every callback. */
export function pluginName(): Bytes {
  return orEmpty(getProperty(utf8("plugin_name")));
}

function orEmpty(value: Bytes | null): Bytes {
  return value === null ? Bytes.EMPTY : value;
}
