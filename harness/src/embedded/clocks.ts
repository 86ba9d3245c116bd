import type { Guest, HostFunctions } from "./chapter.ts";
import type { Status } from "./status.ts";

/** Chapter clocks: nanoseconds since the epoch, UTC. */
export function clocks(guest: Guest): HostFunctions {
  return {
    proxy_get_current_time_nanoseconds(timeOut: number): Status {
      return guest.memory.writeU64(timeOut, guest.vm.proxy.clock.wallNanos());
    },
  };
}
