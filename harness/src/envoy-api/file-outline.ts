import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** Fields of a `FileDescriptorProto` by their numbers (`google/protobuf/descriptor.proto`). */
const field = { name: 1, package: 2, dependency: 3, message: 4, enum: 5, service: 6, extension: 7 } as const;
const declarations: ReadonlySet<number> = new Set([
  field.message,
  field.enum,
  field.service,
  field.extension,
]);
const nameOfDeclaration = 1;
const text = new TextDecoder();

/** A file of a `FileDescriptorSet`, of which only as much is looked at as is asked for. */
export class FileOutline {
  /** A `FileDescriptorProto`. */
  readonly bytes: Uint8Array;
  private declared: readonly string[] | null = null;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Of each file of a set, in its order. */
  static allOf(set: Uint8Array): FileOutline[] {
    return [...parts(set)].map(({ bytes }) => new FileOutline(bytes));
  }

  /** `envoy/config/core/v3/base.proto` */
  get name(): string {
    return textOf(this.bytes, field.name);
  }

  /** `envoy.config.core.v3` */
  get package(): string {
    return textOf(this.bytes, field.package);
  }

  /** Names of the files that it imports. */
  get imports(): string[] {
    const imports = [...parts(this.bytes)].filter(({ number }) => number === field.dependency);
    return imports.map(({ bytes }) => text.decode(bytes));
  }

  /** Names of its outermost messages, enums, services and extensions, in its package. */
  get types(): readonly string[] {
    return (this.declared ??= [...parts(this.bytes)]
      .filter(({ number }) => declarations.has(number))
      .map(({ bytes }) => textOf(bytes, nameOfDeclaration)));
  }

  /** Whether some extension is declared outside of its messages. */
  get hasExtensions(): boolean {
    return [...parts(this.bytes)].some(({ number }) => number === field.extension);
  }
}

/** The first field of this number; "" when there is none. */
function textOf(message: Uint8Array, wanted: number): string {
  for (const { number, bytes } of parts(message)) if (number === wanted) return text.decode(bytes);
  return "";
}

interface Part {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** The fields of a message that have a length: texts and messages. */
function* parts(message: Uint8Array): Generator<Part> {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (wireType === WireType.LengthDelimited) yield { number, bytes: reader.bytes() };
    else reader.skip(wireType);
  }
}
