import type { Guest, HostFunctions } from "./chapter.ts";
import type { RootContext } from "./root-context.ts";
import { Status } from "./status.ts";

interface SharedQueue {
  readonly token: number;
  readonly messages: Uint8Array[];
  /** The plugin that registered it last, which alone is told of messages. */
  reader: RootContext;
}

/** Queues by vm_id and name, over all VMs of the process. */
export class SharedQueueStore {
  private readonly byName = new Map<string, SharedQueue>();
  private readonly byToken = new Map<number, SharedQueue>();

  register(reader: RootContext, name: string): SharedQueue {
    const key = keyOf(reader.plugin.vmId, name);
    const queue = this.byName.get(key) ?? { token: this.byToken.size + 1, messages: [], reader };
    queue.reader = reader;
    this.byName.set(key, queue);
    this.byToken.set(queue.token, queue);
    return queue;
  }

  resolve(vmId: string, name: string): SharedQueue | null {
    return this.byName.get(keyOf(vmId, name)) ?? null;
  }

  byNumber(token: number): SharedQueue | null {
    return this.byToken.get(token) ?? null;
  }
}

/** Chapter shared queues. */
export function sharedQueues(guest: Guest): HostFunctions {
  const { vm } = guest;
  const { sharedQueues: store } = vm.proxy;

  function text(address: number, length: number): string | null {
    const bytes = guest.memory.read(address, length);
    return bytes === null ? null : Buffer.from(bytes).toString("latin1");
  }

  return {
    proxy_register_shared_queue(nameAddress: number, nameLength: number, tokenOut: number): Status {
      const name = text(nameAddress, nameLength);
      if (name === null || vm.context === null) return Status.InvalidMemoryAccess;
      return guest.memory.writeU32(tokenOut, store.register(vm.context.root, name).token);
    },

    proxy_resolve_shared_queue(
      vmIdAddress: number,
      vmIdLength: number,
      nameAddress: number,
      nameLength: number,
      tokenOut: number,
    ): Status {
      const vmId = text(vmIdAddress, vmIdLength);
      const name = text(nameAddress, nameLength);
      if (vmId === null || name === null) return Status.InvalidMemoryAccess;
      const own = vm.context?.root.plugin.vmId ?? "";
      const queue = store.resolve(vmId === "" ? own : vmId, name);
      return queue === null ? Status.NotFound : guest.memory.writeU32(tokenOut, queue.token);
    },

    /** The reader is told after the callback that enqueues: in Envoy it has a turn of its thread's loop of its own. */
    proxy_enqueue_shared_queue(token: number, address: number, length: number): Status {
      const queue = store.byNumber(token);
      const message = guest.memory.read(address, length);
      if (message === null) return Status.InvalidMemoryAccess;
      if (queue === null) return Status.NotFound;
      queue.messages.push(message);
      const { reader } = queue;
      vm.defer(() => vm.proxy.loop.post(() => tell(reader, token)));
      return Status.Ok;
    },

    proxy_dequeue_shared_queue(token: number, addressOut: number, lengthOut: number): Status {
      const queue = store.byNumber(token);
      if (queue === null) return Status.NotFound;
      const message = queue.messages.shift();
      return message === undefined ? Status.Empty : guest.memory.give(message, addressOut, lengthOut);
    },
  };
}

/** Envoy finds the reader by its thread and the numbers of its VM and context: another VM may have come in their place. */
function tell({ id, vm: { place }, plugin }: RootContext, token: number): void {
  const vm = place.vmOf(plugin);
  const context = vm?.contexts.get(id);
  if (context !== undefined) vm?.call(context, "proxy_on_queue_ready", [id, token], 0);
}

function keyOf(vmId: string, name: string): string {
  return `${vmId}\0${name}`;
}
