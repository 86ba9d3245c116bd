import type { Signature } from "./abi.ts";
import { headerLength, Reader, section } from "./reader.ts";

/** The outside of a module: what it imports, what it exports, and whether something runs as soon as it is loaded. */
export interface ModuleInterface {
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
  readonly hasStartSection: boolean;
}

export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  /** The type of an imported function; null for a memory, table, global or tag. */
  readonly signature: Signature | null;
  readonly kind: ExternalKind;
}

export interface ModuleExport {
  readonly name: string;
  readonly signature: Signature | null;
  readonly kind: ExternalKind;
}

export type ExternalKind = "function" | "table" | "memory" | "global" | "tag";

const kinds: readonly ExternalKind[] = ["function", "table", "memory", "global", "tag"];
const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]; // "\\0asm", version 1

/** Letters of the value types in a signature: r is a function or an external value, and g is every other reference. */
const valueTypes: Readonly<Record<number, string>> = {
  0x7f: "i",
  0x7e: "l",
  0x7d: "f",
  0x7c: "d",
  0x7b: "v",
  0x70: "r",
  0x6f: "r",
};

/** Whether a file starts as a core Wasm module of version 1 does. */
export function isWasm(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads the sections that make up a module's interface (WebAssembly core specification 3.0, chapter 5.5); code and
 * data are skipped. Throws a RangeError for a module that ends early.
 */
export function readInterface(bytes: Uint8Array): ModuleInterface {
  const reader = new Reader(bytes, headerLength);
  const types: Signature[] = [];
  const functions: number[] = [];
  const imports: ModuleImport[] = [];
  const exports: Array<{ name: string; kind: ExternalKind; index: number }> = [];
  let hasStartSection = false;

  while (!reader.atEnd) {
    const id = reader.byte();
    const content = reader.part(reader.u32());
    if (id === section.type) content.times(() => types.push(...readRecursiveTypes(content)));
    else if (id === section.import) content.times(() => imports.push(readImport(content, types, functions)));
    else if (id === section.function) content.times(() => functions.push(content.u32()));
    else if (id === section.export) content.times(() => exports.push(readExport(content)));
    else if (id === section.start) hasStartSection = true;
  }

  const signatureOf = (index: number): Signature => types[functions[index] ?? -1] ?? "?";
  return {
    imports,
    exports: exports.map(({ name, kind, index }) => ({
      name,
      kind,
      signature: kind === "function" ? signatureOf(index) : null,
    })),
    hasStartSection,
  };
}

export function readImport(reader: Reader, types: readonly Signature[], functions: number[]): ModuleImport {
  const module = reader.name();
  const name = reader.name();
  const kind = readKind(reader);
  if (kind !== "function") {
    skipExternalType(reader, kind);
    return { module, name, kind, signature: null };
  }
  const type = reader.u32();
  functions.push(type);
  return { module, name, kind, signature: types[type] ?? "?" };
}

function readExport(reader: Reader): { name: string; kind: ExternalKind; index: number } {
  return { name: reader.name(), kind: readKind(reader), index: reader.u32() };
}

function readKind(reader: Reader): ExternalKind {
  return kinds[reader.byte()] ?? "tag";
}

function skipExternalType(reader: Reader, kind: ExternalKind): void {
  if (kind === "table") {
    readValueType(reader);
    skipLimits(reader);
  } else if (kind === "memory") skipLimits(reader);
  else if (kind === "global") {
    readValueType(reader);
    reader.byte(); // mutability
  } else {
    reader.byte(); // attribute
    reader.u32();
  }
}

function skipLimits(reader: Reader): void {
  const flags = reader.byte();
  reader.leb();
  if ((flags & 1) !== 0) reader.leb();
}

/** One entry of the type section; a recursive group holds several. Types other than functions become "?". */
export function readRecursiveTypes(reader: Reader): Signature[] {
  const form = reader.byte();
  if (form !== 0x4e) return [readSubType(reader, form)];
  const group: Signature[] = [];
  reader.times(() => group.push(readSubType(reader, reader.byte())));
  return group;
}

function readSubType(reader: Reader, form: number): Signature {
  if (form === 0x50 || form === 0x4f) {
    reader.times(() => reader.u32()); // supertypes
    return readSubType(reader, reader.byte());
  }
  if (form === 0x60) return `${readValueTypes(reader)}>${readValueTypes(reader)}`;
  if (form === 0x5f) reader.times(() => skipField(reader));
  else if (form === 0x5e) skipField(reader);
  else throw new RangeError(`unknown type form 0x${form.toString(16)}`);
  return "?";
}

function skipField(reader: Reader): void {
  readValueType(reader);
  reader.byte(); // mutability
}

function readValueTypes(reader: Reader): string {
  let letters = "";
  reader.times(() => (letters += readValueType(reader)));
  return letters;
}

function readValueType(reader: Reader): string {
  const code = reader.byte();
  if (code === 0x63 || code === 0x64) reader.leb(); // a heap type follows
  return valueTypes[code] ?? "g";
}
