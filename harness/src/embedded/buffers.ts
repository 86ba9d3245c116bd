import type { Guest, HostFunctions } from "./chapter.ts";
import { BodyBuffer } from "./body-buffer.ts";
import { BufferType } from "./context.ts";
import { Status } from "./status.ts";

/** The buffers of which Envoy says that there are none; all others are empty then. */
const canBeAbsent: ReadonlySet<number> = new Set([
  BufferType.HttpCallResponseBody,
  BufferType.PluginConfiguration,
]);

/** Chapter buffers: bodies and configurations. */
export function buffers(guest: Guest): HostFunctions {
  const { vm } = guest;
  const found = (type: number): BodyBuffer | null =>
    vm.context?.buffer(type) ?? (canBeAbsent.has(type) ? null : new BodyBuffer(new Uint8Array()));

  return {
    proxy_get_buffer_bytes(
      type: number,
      start: number,
      length: number,
      addressOut: number,
      lengthOut: number,
    ): Status {
      if (type >>> 0 > BufferType.CallData) return Status.BadArgument;
      const buffer = found(type);
      if (buffer === null) return Status.NotFound;
      return guest.memory.give(buffer.range(start, length), addressOut, lengthOut);
    },

    proxy_get_buffer_status(type: number, lengthOut: number, flagsOut: number): Status {
      if (type >>> 0 > BufferType.CallData) return Status.BadArgument;
      const buffer = found(type);
      if (buffer === null) return Status.NotFound;
      const written = guest.memory.writeU32(lengthOut, buffer.bytes.length);
      return written === Status.Ok ? guest.memory.writeU32(flagsOut, 0) : written;
    },

    proxy_set_buffer_bytes(
      type: number,
      start: number,
      length: number,
      address: number,
      size: number,
    ): Status {
      if (type >>> 0 > BufferType.CallData) return Status.BadArgument;
      const buffer = vm.context?.buffer(type) ?? null;
      if (buffer === null && canBeAbsent.has(type)) return Status.NotFound;
      const content = guest.memory.read(address, size);
      if (content === null) return Status.InvalidMemoryAccess;
      return buffer === null ? Status.BadArgument : buffer.replace(start, length, content);
    },
  };
}
