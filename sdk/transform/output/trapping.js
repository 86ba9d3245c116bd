import { readBody } from "./instructions.js";
import { NumberReader } from "./numbers.js";

const HEADER_LENGTH = 8;
const IMPORTS = 2;
const FUNCTIONS = 3;
const CODE = 10;
const FUNCTION = 0;
const TABLE = 1;
const GLOBAL = 3;

/**
 * The module's own functions, by their number, that may be running when it traps: those with an instruction that can, those
 * that call the host, and whoever calls one of them. An access to memory counts as none that can: the compiler knows what
 * it has made. Where the module has instructions that nobody here knows, all of them.
 */
export function trappingFunctions(wasm) {
  const { imported, count, bodies } = readFunctions(wasm);
  if (bodies === null) return new Set(Array.from({ length: count }, (_, i) => imported + i));
  const trapping = new Set();
  const mayTrap = ({ traps, calls }) => traps || calls.some((call) => call < imported || trapping.has(call));
  for (let before = -1; before < trapping.size;) {
    before = trapping.size;
    bodies.forEach((body, i) => mayTrap(body) && trapping.add(imported + i));
  }
  return trapping;
}

function readFunctions(wasm) {
  const sections = new NumberReader(wasm);
  const found = { imported: 0, count: 0, bodies: [] };
  sections.take(HEADER_LENGTH);
  while (!sections.isAtEnd) {
    const [id] = sections.take(1);
    const section = new NumberReader(sections.block());
    if (id === IMPORTS) found.imported = countImportedFunctions(section);
    if (id === FUNCTIONS) found.count = section.number();
    if (id === CODE) found.bodies = readBodies(section);
  }
  return found;
}

function countImportedFunctions(section) {
  let count = 0;
  for (let left = section.number(); left > 0; left--) {
    section.block();
    section.block();
    const [kind] = section.take(1);
    if (kind === FUNCTION) count++;
    skipType(kind, section);
  }
  return count;
}

function skipType(kind, section) {
  if (kind === FUNCTION) section.number();
  else if (kind === GLOBAL) section.take(2);
  else {
    if (kind === TABLE) section.take(1);
    const hasMost = section.number() & 1;
    section.number();
    if (hasMost) section.number();
  }
}

function readBodies(section) {
  const bodies = [];
  try {
    for (let left = section.number(); left > 0; left--)
      bodies.push(readBody(new NumberReader(section.block())));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  return bodies;
}
