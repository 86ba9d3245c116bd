import type { Guest, HostFunctions } from "./chapter.ts";
import { BufferType } from "./context.ts";
import { Status } from "./status.ts";

/** Chapter buffers: bodies and configurations. */
export function buffers(guest: Guest): HostFunctions {
  const { vm } = guest;
  return {
    proxy_get_buffer_bytes(
      type: number,
      start: number,
      length: number,
      addressOut: number,
      lengthOut: number,
    ): Status {
      if (type > BufferType.CallData) return Status.BadArgument;
      const buffer = vm.context?.buffer(type) ?? null;
      if (buffer === null) return Status.NotFound;
      return guest.memory.give(buffer.range(start, length), addressOut, lengthOut);
    },

    proxy_get_buffer_status(type: number, lengthOut: number, flagsOut: number): Status {
      const buffer = vm.context?.buffer(type) ?? null;
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
      if (type > BufferType.CallData) return Status.BadArgument;
      const buffer = vm.context?.buffer(type) ?? null;
      if (buffer === null) return Status.NotFound;
      const content = guest.memory.read(address, size);
      return content === null ? Status.InvalidMemoryAccess : buffer.replace(start, length, content);
    },
  };
}
