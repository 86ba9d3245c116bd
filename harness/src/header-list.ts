/**
 * A header's value. Text is sent as UTF-8, bytes are sent as they are.
 *
 * @category Send and receive
 */
export type HeaderValue = string | Uint8Array;

/**
 * What a caller may pass for headers: pairs keep order and repetition, an object is the short form.
 *
 * @category Send and receive
 */
export type HeadersInput =
  Iterable<readonly [name: string, value: HeaderValue]> | Record<string, HeaderValue>;

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { ignoreBOM: true });

/** A value as it is sent. */
export function bytesOf(value: HeaderValue): Uint8Array {
  return typeof value === "string" ? utf8.encode(value) : value;
}

/**
 * Header fields in the order in which they came, names in lower case, values as bytes (RFC 9110, section 5).
 * Repeated fields stay repeated.
 *
 * @category Send and receive
 */
export class HeaderList {
  /** @internal */
  protected readonly fields: Array<readonly [name: string, value: Uint8Array]> = [];

  /** A list of its own with these fields, in their order. */
  static from(input: HeadersInput = []): HeaderList {
    const list = new HeaderList();
    const pairs = Symbol.iterator in input ? input : Object.entries(input);
    for (const [name, value] of pairs) list.add(name, value);
    return list;
  }

  /** How many fields there are; each value of a repeated name counts. */
  get size(): number {
    return this.fields.length;
  }

  /** The first value as text (UTF-8; a byte that is none becomes U+FFFD), or null when the field is absent. */
  get(name: string): string | null {
    const bytes = this.bytes(name);
    return bytes === null ? null : text.decode(bytes);
  }

  /** The first value as bytes, or null when the field is absent. */
  bytes(name: string): Uint8Array | null {
    const key = name.toLowerCase();
    return this.fields.find(([other]) => other === key)?.[1] ?? null;
  }

  /** Every value of a field as text, in order. */
  all(name: string): string[] {
    return this.allBytes(name).map((value) => text.decode(value));
  }

  /** Every value of a field as bytes, in order. */
  allBytes(name: string): Uint8Array[] {
    const key = name.toLowerCase();
    return this.fields.filter(([other]) => other === key).map(([, value]) => value);
  }

  /** Whether the name occurs, be its value empty or not. */
  has(name: string): boolean {
    return this.bytes(name) !== null;
  }

  /** Adds a field as the last one, beside those of the same name. */
  add(name: string, value: HeaderValue): void {
    this.fields.push([name.toLowerCase(), bytesOf(value)]);
  }

  /** Leaves exactly one field of this name, as the last one, which is where Envoy puts it. */
  set(name: string, value: HeaderValue): void {
    this.remove(name);
    this.add(name, value);
  }

  /** Removes every field of this name. */
  remove(name: string): void {
    const key = name.toLowerCase();
    for (let i = this.fields.length - 1; i >= 0; i--)
      if (this.fields[i]?.[0] === key) this.fields.splice(i, 1);
  }

  /** Removes every field. */
  clear(): void {
    this.fields.length = 0;
  }

  /** A list of its own with the same fields. */
  copy(): HeaderList {
    return HeaderList.from(this.fields);
  }

  /** The fields in order, values as bytes. */
  [Symbol.iterator](): IterableIterator<readonly [name: string, value: Uint8Array]> {
    return this.fields[Symbol.iterator]();
  }

  /** One `name: value` a line, for messages. */
  toString(): string {
    return this.fields.map(([name, value]) => `${name}: ${text.decode(value)}`).join("\n");
  }
}
