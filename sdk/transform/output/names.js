import { encodeBlock, encodeNumber, joinBytes, NumberReader } from "./numbers.js";

const HEADER_LENGTH = 8;
const CUSTOM = 0;
const FUNCTIONS = 1;

/** Folders and files before the names that a name is made of: of a function, its class, and the types it is made for. */
const PATHS = /(?:[~\w.-]+\/)+/g;

/**
 * A module of which only functions have names, for the proxy's backtraces, and these without the paths of their files,
 * `HttpFields#get`: the source map knows the file and the line, and no trap is told of a global or a segment.
 */
export function shortenNames(wasm) {
  const sections = new NumberReader(wasm);
  const parts = [sections.take(HEADER_LENGTH)];
  while (!sections.isAtEnd) {
    const [id] = sections.take(1);
    const content = sections.block();
    parts.push(Uint8Array.of(id), encodeBlock(id === CUSTOM ? shortenedSection(content) : content));
  }
  return joinBytes(parts);
}

function shortenedSection(content) {
  const section = new NumberReader(content);
  const title = section.block();
  if (textOf(title) !== "name") return content;
  const parts = [encodeBlock(title)];
  while (!section.isAtEnd) {
    const [kind] = section.take(1);
    const names = section.block();
    if (kind === FUNCTIONS) parts.push(Uint8Array.of(kind), encodeBlock(shortenedNames(names)));
  }
  return joinBytes(parts);
}

function shortenedNames(content) {
  const names = new NumberReader(content);
  const parts = [encodeNumber(names.number())];
  while (!names.isAtEnd) {
    const index = names.number();
    const name = textOf(names.block()).replace(PATHS, "");
    parts.push(encodeNumber(index), encodeBlock(new TextEncoder().encode(name)));
  }
  return joinBytes(parts);
}

function textOf(bytes) {
  return new TextDecoder().decode(bytes);
}
