import { proxy_get_property } from "./abi/imports";
import { lengthSlot, resultBytes, resultSlot } from "./abi/memory";
import { Status } from "./abi/types";
import { Bytes } from "./bytes";

/** The `root_id` of the plugin whose callback runs; no bytes when it has none. Valid in every callback. */
export function pluginRootId(): Bytes {
  const rootId = property(Bytes.fromString("plugin_root_id"));
  return rootId === null ? Bytes.EMPTY : rootId;
}

/** The `name` of the plugin whose callback runs; no bytes when it has none. Valid in every callback. */
export function pluginName(): Bytes {
  const name = property(Bytes.fromString("plugin_name"));
  return name === null ? Bytes.EMPTY : name;
}

/** The value at a path whose segments are joined by NUL; null when the host has none. */
function property(path: Bytes): Bytes | null {
  const status = proxy_get_property(path.start, path.length, resultSlot(), lengthSlot());
  return status == Status.Ok ? resultBytes() : null;
}
