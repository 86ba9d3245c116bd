import fc from "fast-check";
import { flag } from "./bytes.ts";
import { alike, fieldName, fieldValue, hostile, place } from "./hostile.ts";
import { operation } from "./steps.ts";

/** What a body does, beside the same on a string. */
// A table: one line an operation.
// prettier-ignore
export const bodyOperations = [
  operation("Body.Size", fc.constant([]), (_, world) => String(world.body.length)),
  operation("Body.Read", fc.tuple(place, place), ([start, length], { body }) => body.slice(Math.max(start, 0), Math.max(start, 0) + Math.max(length, 0))),
  operation("Body.Replace", fc.tuple(hostile), ([content], world) => flag(world.edit(content))),
  operation("Body.Append", fc.tuple(hostile), ([content], world) => flag(world.edit(world.body + content, content))),
  operation("Body.Prepend", fc.tuple(hostile), ([content], world) => flag(world.edit(content + world.body, content))),
  operation("Body.ReplaceEach", alike, ([needle, by], world) => {
    const count = needle === "" ? 0 : world.body.split(needle).length - 1;
    return String(count > 0 && world.edit(world.body.split(needle).join(by)) ? count : 0);
  }),
  operation("Body.AddTrailer", fc.tuple(fieldName, fieldValue), ([name, value], world) => world.addTrailer(name, value)),
];
