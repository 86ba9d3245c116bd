import type { Guest, HostFunctions } from "./chapter.ts";
import { Status } from "./status.ts";

interface SharedValue {
  readonly bytes: Uint8Array;
  readonly cas: number;
}

/** Values by key for each vm_id, over all VMs of the process. */
export class SharedDataStore {
  private readonly values = new Map<string, SharedValue>();
  private lastCas = 0;

  get(vmId: string, key: Uint8Array): SharedValue | null {
    return this.values.get(nameOf(vmId, key)) ?? null;
  }

  /** A `cas` of 0 stores whatever is there, and for a key that is not there any will do, as in Envoy. */
  set(vmId: string, key: Uint8Array, bytes: Uint8Array, cas: number): Status {
    const name = nameOf(vmId, key);
    const current = this.values.get(name);
    if (current !== undefined && cas !== 0 && cas !== current.cas) return Status.CasMismatch;
    this.values.set(name, { bytes, cas: ++this.lastCas });
    return Status.Ok;
  }
}

/** Chapter shared data. */
export function sharedData(guest: Guest): HostFunctions {
  const { vm } = guest;
  const { sharedData: store } = vm.proxy;
  const vmId = (): string => vm.context?.root.plugin.vmId ?? "";
  return {
    proxy_get_shared_data(
      keyAddress: number,
      keyLength: number,
      addressOut: number,
      lengthOut: number,
      casOut: number,
    ): Status {
      const key = guest.memory.read(keyAddress, keyLength);
      if (key === null) return Status.InvalidMemoryAccess;
      const value = store.get(vmId(), key);
      if (value === null) return Status.NotFound;
      const given = guest.memory.give(value.bytes, addressOut, lengthOut);
      return given === Status.Ok ? guest.memory.writeU32(casOut, value.cas) : given;
    },

    proxy_set_shared_data(
      keyAddress: number,
      keyLength: number,
      valueAddress: number,
      valueLength: number,
      cas: number,
    ): Status {
      const key = guest.memory.read(keyAddress, keyLength);
      const value = guest.memory.read(valueAddress, valueLength);
      if (key === null || value === null) return Status.InvalidMemoryAccess;
      return store.set(vmId(), key, value, cas >>> 0);
    },
  };
}

function nameOf(vmId: string, key: Uint8Array): string {
  return `${vmId}\0${Buffer.from(key).toString("latin1")}`;
}
