import type { HeaderList } from "../header-list.ts";
import { smallLetters } from "../octets.ts";
import { HeaderMapType } from "./context.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import { decodePairs, PairsBlock } from "./pairs.ts";
import { Status } from "./status.ts";

/** Chapter HTTP fields: header and trailer maps, with Envoy 1.40's answers where a map is not there. */
export function httpFields(guest: Guest): HostFunctions {
  const { vm } = guest;

  function change(type: number, apply: (fields: HeaderList) => void): Status {
    const { context } = vm;
    const fields =
      type > HeaderMapType.HttpCallResponseTrailers ? null : (context?.mutableFields(type) ?? null);
    if (fields === null) return Status.BadArgument;
    apply(fields);
    if (type === HeaderMapType.RequestHeaders) context?.filter?.stream.info.forgetRoute();
    return Status.Ok;
  }

  function writeWith(write: (fields: HeaderList, name: string, value: string) => void) {
    return (
      type: number,
      nameAt: number,
      nameLength: number,
      valueAt: number,
      valueLength: number,
    ): Status => {
      const value = guest.memory.readOctets(valueAt, valueLength);
      const name = guest.memory.readOctets(nameAt, nameLength);
      if (value === null || name === null) return Status.InvalidMemoryAccess;
      return change(type, (fields) => write(fields, smallLetters(name), value));
    };
  }

  return {
    proxy_get_header_map_pairs(type: number, addressOut: number, lengthOut: number): Status {
      if (type > HeaderMapType.HttpCallResponseTrailers) return Status.BadArgument;
      const fields = vm.context?.readableFields(type) ?? null;
      if (fields === null || fields.size === 0) return guest.memory.giveOctets("", addressOut, lengthOut);
      const block = new PairsBlock(fields.inTurn);
      const write = (bytes: Buffer, at: number): void => block.writeTo(bytes, at);
      return guest.memory.giveWritten(block.byteLength, write, addressOut, lengthOut);
    },

    proxy_set_header_map_pairs(type: number, address: number, length: number): Status {
      const block = guest.memory.read(address, length);
      if (block === null) return Status.InvalidMemoryAccess;
      return change(type, (fields) => {
        fields.clear();
        const { inTurn } = decodePairs(block);
        for (let i = 0; i < inTurn.length; i += 2) fields.append(inTurn[i] ?? "", inTurn[i + 1] ?? "");
      });
    },

    proxy_get_header_map_value(
      type: number,
      nameAddress: number,
      nameLength: number,
      addressOut: number,
      lengthOut: number,
    ): Status {
      if (type > HeaderMapType.HttpCallResponseTrailers) return Status.BadArgument;
      const name = guest.memory.readOctets(nameAddress, nameLength);
      if (name === null) return Status.InvalidMemoryAccess;
      const fields = vm.context?.readableFields(type) ?? null;
      if (fields === null) return vm.context?.isLogging === true ? Status.NotFound : Status.BadArgument;
      const value = fields.find(smallLetters(name));
      return value === null ? Status.NotFound : guest.memory.giveOctets(value, addressOut, lengthOut);
    },

    proxy_add_header_map_value: writeWith((fields, name, value) => fields.append(name, value)),
    proxy_replace_header_map_value: writeWith((fields, name, value) => fields.replace(name, value)),

    proxy_remove_header_map_value(type: number, nameAt: number, nameLength: number): Status {
      const name = guest.memory.readOctets(nameAt, nameLength);
      if (name === null) return Status.InvalidMemoryAccess;
      return change(type, (fields) => fields.delete(smallLetters(name)));
    },

    /** Envoy answers the size in bytes, not the number of fields. */
    proxy_get_header_map_size(type: number, sizeOut: number): Status {
      const fields = vm.context?.mutableFields(type) ?? null;
      if (fields === null) return Status.BadArgument;
      const size = fields.inTurn.reduce((sum, octets) => sum + octets.length, 0);
      return guest.memory.writeU32(sizeOut, size);
    },
  };
}
