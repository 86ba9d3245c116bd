import { randomFillSync } from "node:crypto";
import { logLevels } from "../observation.ts";
import { concatBytes } from "./body-buffer.ts";
import type { Guest, HostFunctions } from "./chapter.ts";

/** WASI's error numbers that Envoy answers (WASI preview 1, `errno`). */
const Errno = { Success: 0, BadDescriptor: 8, Invalid: 28, NotSupported: 58, Fault: 21 } as const;

const maxRandomBytes = 64 * 1024;

/** The WASI functions that compilers really call; the others fail the test by their names. */
export function wasi(guest: Guest): HostFunctions {
  const { vm } = guest;

  function writeCounts(countOut: number, sizeOut: number): number {
    guest.memory.writeU32(countOut, 0);
    guest.memory.writeU32(sizeOut, 0);
    return Errno.Success;
  }

  return {
    args_get: () => Errno.Success,
    args_sizes_get: writeCounts,
    environ_get: () => Errno.Success,
    environ_sizes_get: writeCounts,
    sched_yield: () => Errno.Success,
    /** Envoy only notes the call: the guest goes on. */
    proc_exit: () => Errno.Success,

    clock_time_get(clock: number, _precision: bigint, timeOut: number): number {
      if (clock > 1) return Errno.NotSupported;
      const { clock: time } = vm.proxy;
      guest.memory.writeU64(timeOut, clock === 0 ? time.wallNanos() : time.nowNanos());
      return Errno.Success;
    },

    random_get(address: number, length: number): number {
      if (length > maxRandomBytes) return Errno.Invalid;
      guest.memory.writeBytes(address, randomFillSync(new Uint8Array(length)));
      return Errno.Success;
    },

    /** Descriptor 1 logs at info, 2 at error; an iovec is (address, length). */
    fd_write(descriptor: number, iovecs: number, count: number, writtenOut: number): number {
      if (descriptor !== 1 && descriptor !== 2) return Errno.BadDescriptor;
      const table = guest.memory.read(iovecs, 8 * count);
      if (table === null) return Errno.Fault;
      const view = new DataView(table.buffer);
      const parts = Array.from({ length: count }, (_, i) =>
        guest.memory.read(view.getUint32(8 * i, true), view.getUint32(8 * i + 4, true)),
      );
      const written = concatBytes(parts.filter((part) => part !== null));
      const level = descriptor === 1 ? "info" : "error";
      if (logLevels.indexOf(level) >= vm.proxy.logLevel) {
        vm.proxy.logs.push({
          level,
          message: new TextDecoder().decode(written),
          source: vm.context?.logSource ?? "",
        });
      }
      guest.memory.writeU32(writtenOut, written.length);
      return Errno.Success;
    },
  };
}
