import {
  add,
  decodePairs,
  encodePairs,
  type Field,
  isName,
  isValue,
  lowerCase,
  remove,
  set,
} from "./fields.ts";
import { type GuestMemory, Misdeed } from "./guest-memory.ts";
import { type HostState, Status } from "./state.ts";

const mostPairs = 1024;
const mostBytes = 1 << 20;

/** The fields that a guest hands over; a block that Envoy would take for an empty one is a misdeed. */
export function acceptPairs(block: string): Field[] {
  const fields = decodePairs(block);
  if (fields === null || fields.length > mostPairs || block.length > mostBytes)
    throw new Misdeed(`a block of ${block.length} bytes that Envoy takes for an empty one`);
  for (const [name, value] of fields) acceptField(name, value);
  return fields;
}

function acceptField(name: string, value: string): void {
  if (!isName(name) || !isValue(value)) throw new Misdeed(`field ${JSON.stringify([name, value])}`);
}

/** Header maps. */
export function fieldCalls(state: HostState, guest: () => GuestMemory) {
  const change = (map: number, fields: Field[]): number => {
    state.maps[map] = fields.map(([name, value]): Field => [lowerCase(name), value]);
    return Status.Ok;
  };
  const of = (map: number): Field[] => state.maps[map] ?? [];
  return {
    proxy_get_header_map_pairs: (map: number, out: number, lengthOut: number) => {
      const block = state.rawPairs ?? (of(map).length === 0 ? "" : encodePairs(of(map)));
      return guest().give(block, out, lengthOut) ? Status.Ok : Status.InvalidMemoryAccess;
    },
    proxy_get_header_map_value: (map: number, at: number, length: number, out: number, lengthOut: number) => {
      const fields = state.rawPairs === null ? of(map) : (decodePairs(state.rawPairs) ?? []);
      const wanted = lowerCase(guest().text(at, length));
      const found = fields.find(([name]) => lowerCase(name) === wanted);
      if (found === undefined) return Status.NotFound;
      return guest().give(found[1], out, lengthOut) ? Status.Ok : Status.InvalidMemoryAccess;
    },
    proxy_set_header_map_pairs: (map: number, at: number, length: number) =>
      change(map, acceptPairs(guest().text(at, length))),
    proxy_add_header_map_value: (
      map: number,
      at: number,
      length: number,
      valueAt: number,
      valueLength: number,
    ) => {
      const field: Field = [guest().text(at, length), guest().text(valueAt, valueLength)];
      acceptField(...field);
      return change(map, add(of(map), ...field));
    },
    proxy_replace_header_map_value: (
      map: number,
      at: number,
      length: number,
      valueAt: number,
      valueLength: number,
    ) => {
      const field: Field = [guest().text(at, length), guest().text(valueAt, valueLength)];
      acceptField(...field);
      return change(map, set(of(map), ...field));
    },
    proxy_remove_header_map_value: (map: number, at: number, length: number) => {
      const name = guest().text(at, length);
      acceptField(name, "");
      return change(map, remove(of(map), name));
    },
  };
}

/** Bodies and configurations, with what Envoy 1.40 takes. */
export function bufferCalls(state: HostState, guest: () => GuestMemory) {
  return {
    proxy_get_buffer_bytes: (
      buffer: number,
      start: number,
      length: number,
      out: number,
      lengthOut: number,
    ) => {
      const bytes = (state.buffers[buffer] ?? "").slice(start >>> 0, (start >>> 0) + (length >>> 0));
      return guest().give(bytes, out, lengthOut) ? Status.Ok : Status.InvalidMemoryAccess;
    },
    proxy_set_buffer_bytes: (
      buffer: number,
      start: number,
      length: number,
      at: number,
      contentLength: number,
    ) => {
      const content = guest().text(at, contentLength);
      const before = state.buffers[buffer] ?? "";
      if (start !== 0 && start < before.length)
        throw new Misdeed(`a write in the midst of a buffer, at ${start}`);
      state.buffers[buffer] = start === 0 ? content + before.slice(length >>> 0) : before + content;
      return Status.Ok;
    },
  };
}

/** Properties, and foreign functions, which all give one answer. */
export function propertyCalls(state: HostState, guest: () => GuestMemory) {
  return {
    proxy_get_property: (at: number, length: number, out: number, lengthOut: number) => {
      const value = state.properties.get(guest().text(at, length));
      if (value === undefined) return Status.NotFound;
      return guest().give(value, out, lengthOut) ? Status.Ok : Status.InvalidMemoryAccess;
    },
    proxy_set_property: (at: number, length: number, valueAt: number, valueLength: number) => {
      state.properties.set(`own\0${guest().text(at, length)}`, guest().text(valueAt, valueLength));
      return Status.Ok;
    },
    proxy_call_foreign_function: (
      at: number,
      length: number,
      argumentAt: number,
      argumentLength: number,
      out: number,
      lengthOut: number,
    ) => {
      guest().text(at, length);
      guest().text(argumentAt, argumentLength);
      const { status, bytes } = state.foreign;
      if (status !== Status.Ok) return status;
      return guest().give(bytes, out, lengthOut) ? Status.Ok : Status.InvalidMemoryAccess;
    },
  };
}
