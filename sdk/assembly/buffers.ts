import { proxy_get_buffer_bytes, proxy_set_buffer_bytes } from "./abi/imports";
import { lengthSlot, resultBytes, resultSlot } from "./abi/memory";
import { BufferType, Status } from "./abi/types";
import { Bytes, utf8 } from "./bytes";
import { succeeded, succeededAtStart } from "./host-calls";

/** The text of the plugin's configuration; no bytes when there is none. Valid while the plugin is configured. */
export function pluginConfiguration(length: i32): Bytes {
  if (length <= 0) return Bytes.EMPTY;
  const status = askForBuffer(BufferType.PluginConfiguration, 0, length);
  return succeededAtStart(utf8("proxy_get_buffer_bytes"), status) ? resultBytes() : Bytes.EMPTY;
}

/**
 * The configuration of the VM, which all plugins of a vm_id share, as `vm_config.configuration` has it; no bytes when
 * there is none. Valid in every callback. Source: proxy-wasm ABI 0.2.1, "Buffers", `VM_CONFIGURATION`.
 *
 * @category Configuration
 */
export function vmConfiguration(): Bytes {
  return readBuffer(BufferType.VmConfiguration, 0, i32.MAX_VALUE);
}

/** A range of one of the host's buffers, without what lies past its end; no bytes when the host refuses. */
export function readBuffer(buffer: BufferType, start: i32, length: i32): Bytes {
  if (length <= 0) return Bytes.EMPTY;
  const status = askForBuffer(buffer, start, length);
  return succeeded(utf8("proxy_get_buffer_bytes"), status) ? resultBytes() : Bytes.EMPTY;
}

function askForBuffer(buffer: BufferType, start: i32, length: i32): Status {
  return proxy_get_buffer_bytes(buffer, start, length, resultSlot(), lengthSlot());
}

/**
 * Puts bytes in the place of the first `length` ones, for `start` 0, or behind the last one, for a `start` that is not
 * before the end. Envoy refuses all else; false then.
 */
export function writeBuffer(buffer: BufferType, start: i32, length: i32, content: Bytes): bool {
  return succeeded(
    utf8("proxy_set_buffer_bytes"),
    proxy_set_buffer_bytes(buffer, start, length, content.start, content.length),
  );
}
