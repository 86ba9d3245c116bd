import fc from "fast-check";
import { add, type Field, isName, isValue, lowerCase, remove, set } from "../host/fields.ts";
import { all, flag } from "./bytes.ts";
import { fieldName, fieldValue, written } from "./hostile.ts";
import { operation } from "./steps.ts";
import type { World } from "./world.ts";

interface MapCode {
  readonly code: number;
}

const map = fc.constantFrom(0, 0, 1, 2, 2, 3).map((code) => ({ code }));
const of = (world: World, { code }: MapCode): readonly Field[] =>
  (world.isGone(code) ? [] : world.maps[code]) ?? [];
const valuesOf = (fields: readonly Field[], name: string): string[] =>
  fields.filter(([each]) => each === lowerCase(name)).map(([, value]) => value);

/** What header maps do, beside the same on a list. */
// A table: one line an operation.
// prettier-ignore
export const fieldOperations = [
  operation("Fields.Size", fc.tuple(map), ([code], world) => String(of(world, code).length)),
  operation("Fields.Get", fc.tuple(map, fieldName), ([code, name], world) => maybe(valuesOf(of(world, code), name)[0])),
  operation("Fields.GetAll", fc.tuple(map, fieldName), ([code, name], world) => all(valuesOf(of(world, code), name))),
  operation("Fields.Has", fc.tuple(map, fieldName), ([code, name], world) => flag(valuesOf(of(world, code), name).length > 0)),
  operation("Fields.At", fc.tuple(map, fc.integer({ min: -1, max: 9 })), ([code, at], world) => all(of(world, code)[at] ?? ["", ""])),
  operation("Fields.Names", fc.tuple(map), ([code], world) => all([...new Set(of(world, code).map(([name]) => name))])),
  operation("Fields.Add", fc.tuple(map, fieldName, fieldValue), ([{ code }, name, value], world) => world.write(code, name, value, (fields) => add(fields, name, value))),
  operation("Fields.Set", fc.tuple(map, fieldName, fieldValue), ([{ code }, name, value], world) => world.write(code, name, value, (fields) => set(fields, name, value))),
  operation("Fields.Remove", fc.tuple(map, fieldName), ([{ code }, name], world) => world.write(code, name, "", (fields) => remove(fields, name))),
  operation("Fields.ReplaceAll", fc.tuple(map, written, fc.constantFrom(0, 1, 1, 2, 600)), ([{ code }, { list }, times], world) => replaceAll(world, code, list, times)),
];

export function maybe(value: string | undefined): string {
  return value === undefined ? "null" : `=${value}`;
}

/** A list takes no more than 1,024 fields, nor more than 1 MiB with 10 bytes for each. */
function replaceAll(world: World, map: number, list: readonly string[], times: number): string {
  const sound = accepted(list);
  const fields: Field[] = [];
  let byteLength = 4;
  let areAdded = true;
  for (const [name, value] of Array.from({ length: times }, () => sound).flat()) {
    const isRoom = fields.length < 1024 && byteLength + name.length + value.length + 10 <= 1 << 20;
    areAdded &&= isRoom;
    if (!isRoom) continue;
    fields.push([lowerCase(name), value]);
    byteLength += name.length + value.length + 10;
  }
  if (world.isGone(map)) return "0";
  world.maps[map] = fields;
  return flag(areAdded);
}

function accepted(list: readonly string[]): Field[] {
  const fields: Field[] = [];
  for (let i = 0; i + 1 < list.length; i += 2) {
    const [name = "", value = ""] = list.slice(i);
    if (isName(name) && isValue(value)) fields.push([name, value]);
  }
  return fields;
}
