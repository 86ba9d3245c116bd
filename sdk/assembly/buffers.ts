import { proxy_get_buffer_bytes } from "./abi/imports";
import { lengthSlot, resultBytes, resultSlot } from "./abi/memory";
import { BufferType } from "./abi/types";
import { Bytes } from "./bytes";
import { succeeded } from "./host-calls";

/** The text of the plugin's configuration; no bytes when there is none. Valid while the plugin is configured. */
export function pluginConfiguration(length: i32): Bytes {
  if (length <= 0) return Bytes.EMPTY;
  const status = proxy_get_buffer_bytes(
    BufferType.PluginConfiguration,
    0,
    length,
    resultSlot(),
    lengthSlot(),
  );
  return succeeded("proxy_get_buffer_bytes", status) ? resultBytes() : Bytes.EMPTY;
}
