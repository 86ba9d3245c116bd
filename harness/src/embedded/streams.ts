import type { Guest, HostFunctions } from "./chapter.ts";
import { HeaderList } from "../header-list.ts";
import { Peer } from "./network-filter.ts";
import { decodePairs } from "./pairs.ts";
import { Status } from "./status.ts";

/** Stream kinds of `proxy_continue_stream` and `proxy_close_stream` (`proxy_stream_type_t`). */
const StreamType = { Request: 0, Response: 1, Downstream: 2, Upstream: 3 } as const;

/** Chapter streams: local replies, resuming and closing. All take effect when the callback has returned. */
export function streams(guest: Guest): HostFunctions {
  const { vm } = guest;
  return {
    /** Envoy answers Ok even where there is no stream to reply to. */
    proxy_send_local_response(
      status: number,
      detailsAddress: number,
      detailsLength: number,
      bodyAddress: number,
      bodyLength: number,
      pairsAddress: number,
      pairsLength: number,
      grpcStatus: number,
    ): Status {
      const details = guest.memory.read(detailsAddress, detailsLength);
      const body = guest.memory.read(bodyAddress, bodyLength);
      const pairs = guest.memory.read(pairsAddress, pairsLength);
      if (details === null || body === null || pairs === null) return Status.InvalidMemoryAccess;
      vm.stopNextIteration();
      const filter = vm.context?.filter ?? null;
      if (filter === null) return Status.Ok;
      const reply = {
        status: status & 0xffff,
        details: new TextDecoder().decode(details).replaceAll(/\s/g, "_"),
        body,
        headers: pairs.length === 0 ? new HeaderList() : decodePairs(pairs),
        grpcStatus: grpcStatus >= 0 && grpcStatus <= 16 ? grpcStatus : null,
      };
      vm.defer(filter.stream.replyLater(reply));
      return Status.Ok;
    },

    proxy_continue_stream(type: number): Status {
      if (type > StreamType.Upstream) return Status.BadArgument;
      if (type === StreamType.Upstream) return Status.Unimplemented;
      const { filter = null, network = null } = vm.context ?? {};
      if (type === StreamType.Downstream && network !== null)
        vm.defer(() => network.connection.resume(network));
      if (filter === null || type === StreamType.Downstream) return Status.Ok;
      const direction = type === StreamType.Request ? "request" : "response";
      vm.defer(() => filter.resume(direction));
      return Status.Ok;
    },

    proxy_close_stream(type: number): Status {
      if (type > StreamType.Upstream) return Status.BadArgument;
      const { filter = null, network = null } = vm.context ?? {};
      if (network !== null && type >= StreamType.Downstream)
        vm.defer(() => network.connection.close(Peer.Local));
      if (filter === null || type >= StreamType.Downstream) return Status.Ok;
      vm.defer(() => filter.stream.reset("wasm_close_stream"));
      return Status.Ok;
    },

    /** 0 stands for the context that the callback belongs to. */
    proxy_set_effective_context(id: number): Status {
      const context = id === 0 ? null : vm.contexts.get(id);
      if (context === undefined) return Status.BadArgument;
      vm.setEffective(context);
      return Status.Ok;
    },

    proxy_done(): Status {
      return vm.context?.root.done() === true ? Status.Ok : Status.NotFound;
    },
  };
}
