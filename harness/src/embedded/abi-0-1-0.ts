import type { Guest, HostFunctions } from "./chapter.ts";
import type { Direction } from "./http-filter-stage.ts";
import { Status } from "./status.ts";

type GetField = (
  type: number,
  nameAddress: number,
  nameLength: number,
  addressOut: number,
  lengthOut: number,
) => Status;

/**
 * What ABI 0.1.0 has by itself; the later ones do the same by buffers, `proxy_continue_stream` and a foreign function.
 */
export function abi010(guest: Guest, later: HostFunctions): HostFunctions {
  const { vm } = guest;
  const get = later["proxy_get_header_map_value"] as GetField;

  function resuming(direction: Direction) {
    return (): Status => {
      const filter = vm.context?.filter ?? null;
      if (filter !== null) vm.defer(() => filter.resume(direction));
      return Status.Ok;
    };
  }

  return {
    /** A field that is not there is an empty one. */
    proxy_get_header_map_value(...asked: Parameters<GetField>): Status {
      const status = get(...asked);
      const [, , , addressOut, lengthOut] = asked;
      return status === Status.NotFound ? guest.memory.give(new Uint8Array(), addressOut, lengthOut) : status;
    },

    proxy_continue_request: resuming("request"),
    proxy_continue_response: resuming("response"),

    /** The plugin's while it is configured, else the VM's. */
    proxy_get_configuration(addressOut: number, lengthOut: number): Status {
      return guest.memory.give(
        vm.context?.root.givenConfiguration ?? new Uint8Array(),
        addressOut,
        lengthOut,
      );
    },

    proxy_clear_route_cache(): Status {
      vm.context?.filter?.stream.info.forgetRoute();
      return Status.Ok;
    },
  };
}
