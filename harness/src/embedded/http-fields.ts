import type { HeaderList } from "../header-list.ts";
import { HeaderMapType } from "./context.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import { decodePairs, encodePairs } from "./pairs.ts";
import { Status } from "./status.ts";

/** Chapter HTTP fields: header and trailer maps, with Envoy 1.40's answers where a map is not there. */
export function httpFields(guest: Guest): HostFunctions {
  const { vm } = guest;

  function change(
    type: number,
    apply: (fields: HeaderList, name: string) => void,
    name: Uint8Array | null,
  ): Status {
    if (name === null) return Status.InvalidMemoryAccess;
    const fields =
      type > HeaderMapType.HttpCallResponseTrailers ? null : (vm.context?.mutableFields(type) ?? null);
    if (fields === null) return Status.BadArgument;
    apply(fields, text.decode(name));
    if (type === HeaderMapType.RequestHeaders) vm.context?.filter?.stream.info.forgetRoute();
    return Status.Ok;
  }

  function writeWith(write: (fields: HeaderList, name: string, value: Uint8Array) => void) {
    return (
      type: number,
      nameAt: number,
      nameLength: number,
      valueAt: number,
      valueLength: number,
    ): Status => {
      const value = guest.memory.read(valueAt, valueLength);
      if (value === null) return Status.InvalidMemoryAccess;
      return change(
        type,
        (fields, name) => write(fields, name, value),
        guest.memory.read(nameAt, nameLength),
      );
    };
  }

  return {
    proxy_get_header_map_pairs(type: number, addressOut: number, lengthOut: number): Status {
      if (type > HeaderMapType.HttpCallResponseTrailers) return Status.BadArgument;
      const fields = vm.context?.readableFields(type) ?? null;
      return guest.memory.give(
        fields === null || fields.size === 0 ? new Uint8Array() : encodePairs(fields),
        addressOut,
        lengthOut,
      );
    },

    proxy_set_header_map_pairs(type: number, address: number, length: number): Status {
      const block = guest.memory.read(address, length);
      return change(
        type,
        (fields) => {
          fields.clear();
          for (const [name, value] of block === null ? [] : decodePairs(block)) fields.add(name, value);
        },
        block,
      );
    },

    proxy_get_header_map_value(
      type: number,
      nameAddress: number,
      nameLength: number,
      addressOut: number,
      lengthOut: number,
    ): Status {
      if (type > HeaderMapType.HttpCallResponseTrailers) return Status.BadArgument;
      const name = guest.memory.read(nameAddress, nameLength);
      if (name === null) return Status.InvalidMemoryAccess;
      const fields = vm.context?.readableFields(type) ?? null;
      if (fields === null) return vm.context?.isLogging === true ? Status.NotFound : Status.BadArgument;
      const value = fields.bytes(text.decode(name));
      return value === null ? Status.NotFound : guest.memory.give(value, addressOut, lengthOut);
    },

    proxy_add_header_map_value: writeWith((fields, name, value) => fields.add(name, value)),
    proxy_replace_header_map_value: writeWith((fields, name, value) => fields.set(name, value)),

    proxy_remove_header_map_value(type: number, nameAt: number, nameLength: number): Status {
      return change(type, (fields, name) => fields.remove(name), guest.memory.read(nameAt, nameLength));
    },

    /** Envoy answers the size in bytes, not the number of fields. */
    proxy_get_header_map_size(type: number, sizeOut: number): Status {
      const fields = vm.context?.mutableFields(type) ?? null;
      if (fields === null) return Status.BadArgument;
      const size = [...fields].reduce((sum, [name, value]) => sum + name.length + value.length, 0);
      return guest.memory.writeU32(sizeOut, size);
    },
  };
}

const text = new TextDecoder();
