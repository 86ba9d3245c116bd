import {
  createFileRegistry,
  createMutableRegistry,
  fromBinary,
  type DescEnum,
  type DescExtension,
  type DescFile,
  type DescMessage,
  type DescService,
  type FileRegistry,
} from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { FileOutline } from "./file-outline.ts";

type Desc = DescMessage | DescEnum | DescExtension | DescService;

/**
 * The types of a `FileDescriptorSet`. A file, and what it imports, is read when one of its types is asked for first: of
 * Envoy's API a configuration needs some hundred of 550.
 */
export class LazyRegistry implements FileRegistry {
  readonly kind = "registry";
  private readonly outlines: ReadonlyMap<string, FileOutline>;
  private readonly packages: ReadonlyMap<string, readonly FileOutline[]>;
  private readonly loaded = new Map<string, DescFile>();
  private readonly types = createMutableRegistry();

  /** Over the bytes of the set. */
  constructor(set: Uint8Array) {
    const outlines = FileOutline.allOf(set);
    this.outlines = new Map(outlines.map((outline) => [outline.name, outline]));
    this.packages = Map.groupBy(outlines, (outline) => outline.package);
  }

  get files(): Iterable<DescFile> {
    for (const name of this.outlines.keys()) this.load(name);
    return this.loaded.values();
  }

  getFile(name: string): DescFile | undefined {
    return this.outlines.has(name) ? this.load(name) : undefined;
  }

  *[Symbol.iterator](): IterableIterator<Desc> {
    for (const file of this.files) yield* nestedTypes(file);
  }

  get(typeName: string): Desc | undefined {
    this.loadFileOf(typeName);
    return this.types.get(typeName);
  }

  getMessage(typeName: string): DescMessage | undefined {
    this.loadFileOf(typeName);
    return this.types.getMessage(typeName);
  }

  getEnum(typeName: string): DescEnum | undefined {
    this.loadFileOf(typeName);
    return this.types.getEnum(typeName);
  }

  getExtension(typeName: string): DescExtension | undefined {
    this.loadFileOf(typeName);
    return this.types.getExtension(typeName);
  }

  getExtensionFor(extendee: DescMessage, number: number): DescExtension | undefined {
    for (const { name, hasExtensions } of this.outlines.values()) if (hasExtensions) this.load(name);
    return this.types.getExtensionFor(extendee, number);
  }

  getService(typeName: string): DescService | undefined {
    this.loadFileOf(typeName);
    return this.types.getService(typeName);
  }

  /** A type is in the package that its name begins with, in the file that has the outermost type around it. */
  private loadFileOf(typeName: string): void {
    if (this.types.get(typeName) !== undefined) return;
    for (let end = typeName.lastIndexOf("."); end > 0; end = typeName.lastIndexOf(".", end - 1)) {
      const [outermost = ""] = typeName.slice(end + 1).split(".", 1);
      const files = this.packages.get(typeName.slice(0, end)) ?? [];
      const file = files.find(({ types }) => types.includes(outermost));
      if (file !== undefined) this.load(file.name);
    }
  }

  private load(name: string): DescFile {
    const known = this.loaded.get(name) ?? this.read(name);
    this.loaded.set(name, known);
    return known;
  }

  private read(name: string): DescFile {
    const outline = this.outlines.get(name);
    if (outline === undefined) throw new RangeError(`the descriptors have no file ${name}`);
    const imported = new Map(outline.imports.map((other) => [other, withoutImports(this.load(other))]));
    const proto = fromBinary(FileDescriptorProtoSchema, outline.bytes);
    const file = createFileRegistry(proto, (other) => imported.get(other)).getFile(name);
    if (file === undefined) throw new RangeError(`the descriptors of ${name} have another name`);
    for (const type of nestedTypes(file)) this.types.add(type);
    return file;
  }
}

/** A file refers only to what it imports itself; a registry would follow what that imports, once for each way there. */
function withoutImports(file: DescFile): DescFile {
  return { ...file, dependencies: [] };
}
