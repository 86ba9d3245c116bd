import { NumberReader } from "./numbers.js";

const HEADER_LENGTH = 8;
const EXPORTS = 7;
const FUNCTION = 0;

/** The functions that a module exports, by their number. */
export function exportedFunctions(wasm) {
  const sections = new NumberReader(wasm);
  const exported = new Set();
  sections.take(HEADER_LENGTH);
  while (!sections.isAtEnd) {
    const [id] = sections.take(1);
    const section = new NumberReader(sections.block());
    if (id !== EXPORTS) continue;
    for (let left = section.number(); left > 0; left--) {
      section.block();
      const [kind] = section.take(1);
      const index = section.number();
      if (kind === FUNCTION) exported.add(index);
    }
  }
  return exported;
}
