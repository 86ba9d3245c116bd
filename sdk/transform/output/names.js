import { encodeBlock, encodeNumber, joinBytes, NumberReader } from "./numbers.js";
import { exportedFunctions } from "./exports.js";
import { trappingFunctions } from "./trapping.js";

const HEADER_LENGTH = 8;
const CUSTOM = 0;
const FUNCTIONS = 1;

/** Folders and files before the names that a name is made of: of a function, its class, and the types it is made for. */
const PATHS = /(?:[~\w.-]+\/)+/g;

/** What a name has besides, which says nothing of where it stands in the source, or says it at length. */
const SHORTER = [
  [PATHS, ""],
  [/<.*>/, ""], // the types that a class is made for
  [/@(?:override|varargs)$/, ""],
  [/#get:/, "#"],
  [/^(.*)#constructor$/, "new $1"],
  [/^start:proxy-wasm-entry~/, ""],
];

/**
 * A module of which only functions have names that a backtrace of the proxy can hold, because they may be running when it
 * traps, and these without the paths of their files, `HttpFields#get`: the source map knows the file and the line, and no
 * trap is told of a global or a segment. Imports and exports have names anyway: what the proxy calls is an export, and it says
 * which one it called.
 */
export function shortenNames(wasm) {
  const sections = new NumberReader(wasm);
  const exported = exportedFunctions(wasm);
  const named = new Set([...trappingFunctions(wasm)].filter((index) => !exported.has(index)));
  const parts = [sections.take(HEADER_LENGTH)];
  while (!sections.isAtEnd) {
    const [id] = sections.take(1);
    const content = sections.block();
    parts.push(Uint8Array.of(id), encodeBlock(id === CUSTOM ? shortenedSection(content, named) : content));
  }
  return joinBytes(parts);
}

function shortenedSection(content, named) {
  const section = new NumberReader(content);
  const title = section.block();
  if (textOf(title) !== "name") return content;
  const parts = [encodeBlock(title)];
  while (!section.isAtEnd) {
    const [kind] = section.take(1);
    const names = section.block();
    if (kind === FUNCTIONS) parts.push(Uint8Array.of(kind), encodeBlock(shortenedNames(names, named)));
  }
  return joinBytes(parts);
}

function shortenedNames(content, named) {
  const names = new NumberReader(content);
  const parts = [];
  let count = 0;
  names.number();
  while (!names.isAtEnd) {
    const index = names.number();
    const name = names.block();
    if (!named.has(index)) continue;
    parts.push(encodeNumber(index), encodeBlock(new TextEncoder().encode(shorter(textOf(name)))));
    count++;
  }
  return joinBytes([encodeNumber(count), ...parts]);
}

function shorter(name) {
  return SHORTER.reduce((text, [what, instead]) => text.replace(what, instead), name);
}

function textOf(bytes) {
  return new TextDecoder().decode(bytes);
}
