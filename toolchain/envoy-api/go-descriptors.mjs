import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * The serialised FileDescriptorProtos of a Go module: protoc-gen-go writes each into its `.pb.go` file, as a string or,
 * before its version 1.36.6, as a list of bytes.
 */
export function* descriptorsOf(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".pb.go")) continue;
    const bytes = descriptorIn(readFileSync(path.join(entry.parentPath, entry.name), "utf8"));
    if (bytes !== null) yield bytes;
  }
}

function descriptorIn(source) {
  const start = /^(?:const|var) file_\w+_rawDesc = (?:string\()?/m.exec(source);
  if (start === null) return null;
  const literal = source.slice(start.index + start[0].length);
  return literal.startsWith("[]byte{") ? bytesOf(literal) : stringsOf(literal);
}

function bytesOf(literal) {
  return Buffer.from(
    literal
      .slice(0, literal.indexOf("}"))
      .match(/0x[0-9a-f]{2}/g)
      .map(Number),
  );
}

/** Go's interpreted string literals, joined by `+`: https://go.dev/ref/spec#String_literals */
function stringsOf(literal) {
  const one = /"((?:[^"\\]|\\.)*)"(\s*\+\s*)?/y;
  const parts = [];
  for (let match = one.exec(literal); match !== null; match = one.exec(literal)) {
    parts.push(unquoted(match[1]));
    if (match[2] === undefined) break;
  }
  return Buffer.concat(parts);
}

const escapes = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92, '"': 34, "'": 39 };
const piece = /\\x([0-9a-f]{2})|\\([0-7]{3})|\\u([0-9a-f]{4})|\\U([0-9a-f]{8})|\\(.)|([^\\]+)/gsu;

function unquoted(text) {
  return Buffer.concat([...text.matchAll(piece)].map(bytesOfPiece));
}

function bytesOfPiece([, hex, octal, short, long, escape, plain]) {
  if (plain !== undefined) return Buffer.from(plain);
  if (escape !== undefined) return Buffer.from([escapes[escape]]);
  if (hex !== undefined) return Buffer.from([Number.parseInt(hex, 16)]);
  if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8)]);
  return Buffer.from(String.fromCodePoint(Number.parseInt(short ?? long, 16)));
}
