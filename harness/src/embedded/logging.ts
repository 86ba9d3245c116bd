import { logLevels } from "../observation.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import { Status } from "./status.ts";

/** Chapter logging: a line is kept when its level is not below that of the `wasm` logger. */
export function logging(guest: Guest): HostFunctions {
  const { vm } = guest;
  return {
    proxy_log(level: number, address: number, length: number): Status {
      const name = logLevels[level];
      if (name === undefined) return Status.BadArgument;
      const message = guest.memory.read(address, length);
      if (message === null) return Status.InvalidMemoryAccess;
      if (level >= vm.proxy.logLevel) {
        vm.proxy.logs.push({
          level: name,
          message: text.decode(message),
          source: vm.context?.logSource ?? "",
        });
      }
      return Status.Ok;
    },

    proxy_get_log_level(levelOut: number): Status {
      return guest.memory.writeU32(levelOut, vm.proxy.logLevel);
    },
  };
}

const text = new TextDecoder();
