import { headerLength, Reader, section } from "./reader.ts";

/** The part of the section `name` that has the functions' names. */
const ofFunctions = 1;

/** What a module calls its functions, by their numbers; none without a section `name`. */
export function functionNames(bytes: Uint8Array): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const reader = new Reader(bytes, headerLength);
  while (!reader.atEnd) {
    const id = reader.byte();
    const content = reader.part(reader.u32());
    if (id === section.custom && content.name() === "name") readNames(content, names);
  }
  return names;
}

function readNames(content: Reader, names: Map<number, string>): void {
  while (!content.atEnd) {
    const kind = content.byte();
    const part = content.part(content.u32());
    if (kind === ofFunctions) part.times(() => names.set(part.u32(), part.name()));
  }
}
