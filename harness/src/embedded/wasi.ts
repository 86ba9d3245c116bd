import { randomFillSync } from "node:crypto";
import { logLevels } from "../observation.ts";
import { concatBytes } from "./body-buffer.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import { Status } from "./status.ts";

/** WASI's error numbers that Envoy answers (WASI preview 1, `errno`). */
const Errno = {
  Success: 0,
  BadDescriptor: 8,
  Fault: 21,
  Invalid: 28,
  Exists: 20,
  NoEntry: 44,
  NoSystemCall: 52,
  NotSupported: 58,
} as const;

const maxRandomBytes = 64 * 1024;

/** Of what Envoy 1.40 has no more than a number: files, folders and sockets. */
const refusals: Readonly<Record<string, number>> = {
  fd_advise: Errno.Success,
  fd_allocate: Errno.Success,
  fd_close: Errno.Success,
  fd_datasync: Errno.Success,
  fd_fdstat_set_flags: Errno.NoSystemCall,
  fd_fdstat_set_rights: Errno.Success,
  fd_filestat_get: Errno.BadDescriptor,
  fd_filestat_set_size: Errno.Success,
  fd_filestat_set_times: Errno.Success,
  fd_pread: Errno.NoSystemCall,
  fd_prestat_dir_name: Errno.NoSystemCall,
  fd_prestat_get: Errno.BadDescriptor,
  fd_read: Errno.NoSystemCall,
  fd_renumber: Errno.NotSupported,
  fd_seek: Errno.Success,
  fd_sync: Errno.Success,
  path_create_directory: Errno.NotSupported,
  path_filestat_get: Errno.NotSupported,
  path_filestat_set_times: Errno.NotSupported,
  path_link: Errno.NotSupported,
  path_open: Errno.NoEntry,
  path_remove_directory: Errno.NotSupported,
  path_rename: Errno.NotSupported,
  path_symlink: Errno.NotSupported,
  path_unlink_file: Errno.NotSupported,
  sock_shutdown: Errno.NotSupported,
};

/** The functions of WASI as Envoy 1.40 has them: clocks, random bytes, two descriptors to log by, and refusals. */
export function wasi(guest: Guest): HostFunctions {
  const memory = (): Guest["memory"] => guest.memory;

  /** Answers so, with a 0 at the parameter of this number. */
  function zeroAt(index: number, errno: number) {
    return (...parameters: number[]): number => {
      memory().writeU32(parameters[index] ?? 0, 0);
      return errno;
    };
  }

  function writeCounts(countOut: number, sizeOut: number): number {
    memory().writeU32(countOut, 0);
    memory().writeU32(sizeOut, 0);
    return Errno.Success;
  }

  /** The bytes that an array of (address, length) leads to; null when some of it is not in the memory. */
  function gathered(iovecs: number, count: number): Uint8Array | null {
    if (count === 0) return new Uint8Array();
    const table = memory().read(iovecs, 8 * count);
    if (table === null) return null;
    const view = new DataView(table.buffer);
    const parts: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      const part = memory().read(view.getUint32(8 * i, true), view.getUint32(8 * i + 4, true));
      if (part === null) return null;
      parts.push(part);
    }
    return concatBytes(parts);
  }

  /** Descriptor 1 logs at info, 2 at error. */
  function write(descriptor: number, iovecs: number, count: number, writtenOut: number): number {
    if (descriptor !== 1 && descriptor !== 2) return Errno.BadDescriptor;
    const written = gathered(iovecs, count);
    if (written === null) return Errno.Fault;
    const { proxy, context } = guest.vm;
    const level = descriptor === 1 ? "info" : "error";
    if (written.length > 0 && logLevels.indexOf(level) >= proxy.logLevel) {
      const message = new TextDecoder().decode(written);
      proxy.logs.push({ level, message, source: context?.logSource ?? "" });
    }
    memory().writeU32(writtenOut, written.length);
    return Errno.Success;
  }

  return {
    ...Object.fromEntries(Object.entries(refusals).map(([name, errno]) => [name, () => errno])),
    args_get: () => Errno.Success,
    args_sizes_get: writeCounts,
    environ_get: () => Errno.Success,
    environ_sizes_get: writeCounts,
    sched_yield: () => Errno.Success,
    /** Envoy only notes the call: the guest goes on. */
    proc_exit: () => Errno.Success,

    clock_res_get(clock: number, resolutionOut: number): number {
      if (clock > 1) return Errno.NotSupported;
      memory().writeU64(resolutionOut, 1n);
      return Errno.Success;
    },

    clock_time_get(clock: number, _precision: bigint, timeOut: number): number {
      if (clock > 1) return Errno.NotSupported;
      const { clock: time } = guest.vm.proxy;
      memory().writeU64(timeOut, clock === 0 ? time.wallNanos() : time.nowNanos());
      return Errno.Success;
    },

    random_get(address: number, length: number): number {
      if (length >>> 0 > maxRandomBytes) return Errno.Invalid;
      const written = memory().writeBytes(address, randomFillSync(new Uint8Array(length)));
      return written === Status.Ok ? Errno.Success : Errno.Fault;
    },

    fd_write: write,
    /** Wherever it is to be written. */
    fd_pwrite: (
      descriptor: number,
      iovecs: number,
      count: number,
      _offset: bigint,
      writtenOut: number,
    ): number => write(descriptor, iovecs, count, writtenOut),

    fd_fdstat_get(descriptor: number, statusOut: number): number {
      if (descriptor !== 1 && descriptor !== 2) return Errno.BadDescriptor;
      memory().writeBytes(statusOut, characterDevice);
      return Errno.Success;
    },

    fd_readdir: zeroAt(4, Errno.Exists),
    fd_tell(_descriptor: number, offsetOut: number): number {
      memory().writeU64(offsetOut, 0n);
      return Errno.Success;
    },
    path_readlink: zeroAt(5, Errno.NotSupported),
    poll_oneoff: zeroAt(3, Errno.Success),
    sock_accept: zeroAt(2, Errno.NotSupported),
    sock_recv(...parameters: number[]): number {
      const [, , , , lengthOut = 0, flagsOut = 0] = parameters;
      memory().writeU32(lengthOut, 0);
      memory().writeBytes(flagsOut, new Uint8Array(2));
      return Errno.NotSupported;
    },
    sock_send: zeroAt(4, Errno.NotSupported),
  };
}

/** WASI's `fdstat` of what can be written only: the file type, no flags, and the right to write. */
const characterDevice = Uint8Array.of(
  2,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  64,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
);
