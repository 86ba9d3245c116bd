import { bytesOf, nameOctets, octetsOf, textOf } from "./octets.ts";

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

function addGiven(list: HeaderList, name: string, value: HeaderValue | undefined): void {
  if (value !== undefined) list.add(name, value);
}

function isPairs(input: HeadersInput): input is Exclude<HeadersInput, Record<string, HeaderValue>> {
  return Symbol.iterator in input;
}

/** Names, in small letters, and values in turn, in octets: a pair of its own for each would take five times the memory. */
export type InTurn = readonly string[];

/**
 * Header fields in the order in which they came, names in lower case, values as bytes (RFC 9110, section 5).
 * Repeated fields stay repeated.
 *
 * @category Send and receive
 */
export class HeaderList {
  /** @internal */
  protected fields: string[] = [];

  /** A list of its own with these fields, in their order. */
  static from(input?: HeadersInput): HeaderList {
    if (input instanceof HeaderList) return input.copy();
    const list = new HeaderList();
    if (input === undefined) return list;
    if (isPairs(input)) for (const [name, value] of input) list.add(name, value);
    else for (const name of Object.keys(input)) addGiven(list, name, input[name]);
    return list;
  }

  /** How many fields there are; each value of a repeated name counts. */
  get size(): number {
    return this.fields.length / 2;
  }

  /** The first value as text (UTF-8; a byte that is none becomes U+FFFD), or null when the field is absent. */
  get(name: string): string | null {
    const octets = this.octets(name);
    return octets === null ? null : textOf(octets);
  }

  /** The first value as bytes, or null when the field is absent. */
  bytes(name: string): Uint8Array | null {
    const octets = this.octets(name);
    return octets === null ? null : bytesOf(octets);
  }

  /** The first value as octets, or null when the field is absent. @internal */
  octets(name: string): string | null {
    return this.find(nameOctets(name));
  }

  /** As `octets`, of a name in octets, whose letters are small. @internal */
  find(name: string): string | null {
    const { fields } = this;
    for (let i = 0; i < fields.length; i += 2) if (fields[i] === name) return fields[i + 1] ?? null;
    return null;
  }

  /** Every value of a field as text, in order. */
  all(name: string): string[] {
    return this.allOctets(name).map(textOf);
  }

  /** Every value of a field as bytes, in order. */
  allBytes(name: string): Uint8Array[] {
    return this.allOctets(name).map(bytesOf);
  }

  /** Every value of a field as octets, in order. @internal */
  allOctets(name: string): string[] {
    const { fields } = this;
    const key = nameOctets(name);
    const values: string[] = [];
    for (let i = 0; i < fields.length; i += 2) if (fields[i] === key) values.push(fields[i + 1] ?? "");
    return values;
  }

  /** Whether the name occurs, be its value empty or not. */
  has(name: string): boolean {
    return this.octets(name) !== null;
  }

  /** Adds a field as the last one, beside those of the same name. */
  add(name: string, value: HeaderValue): void {
    this.append(nameOctets(name), octetsOf(value));
  }

  /** As `add`, of octets; the name's letters are small. @internal */
  append(name: string, value: string): void {
    this.fields.push(name, value);
  }

  /** Leaves exactly one field of this name, as the last one, which is where Envoy puts it. */
  set(name: string, value: HeaderValue): void {
    this.replace(nameOctets(name), octetsOf(value));
  }

  /** As `set`, of octets; the name's letters are small. @internal */
  replace(name: string, value: string): void {
    this.delete(name);
    this.append(name, value);
  }

  /** Removes every field of this name. */
  remove(name: string): void {
    this.delete(nameOctets(name));
  }

  /** As `remove`, of octets; the name's letters are small. @internal */
  delete(name: string): void {
    for (let i = this.fields.length - 2; i >= 0; i -= 2)
      if (this.fields[i] === name) this.fields.splice(i, 2);
  }

  /** Removes every field. */
  clear(): void {
    this.fields.length = 0;
  }

  /** Those of the fields whose names, octets, are wanted, as a list of its own. @internal */
  only(isWanted: (name: string) => boolean): HeaderList {
    const { fields } = this;
    let from = 0;
    while (from < fields.length && !isWanted(fields[from] ?? "")) from += 2;
    const list = new HeaderList();
    list.fields = fields.slice(from); // all that are wanted, most of the time: a list that grows has room for more
    for (let i = list.fields.length - 2; i >= 0; i -= 2)
      if (!isWanted(list.fields[i] ?? "")) list.fields.splice(i, 2);
    return list;
  }

  /** A list of its own with the same fields. */
  copy(): HeaderList {
    const list = new HeaderList();
    list.fields = this.fields.slice();
    return list;
  }

  /** The fields in order. @internal */
  get inTurn(): InTurn {
    return this.fields;
  }

  /** The fields in order, values as bytes. */
  *[Symbol.iterator](): Generator<readonly [name: string, value: Uint8Array], void> {
    const { fields } = this;
    for (let i = 0; i < fields.length; i += 2) yield [textOf(fields[i] ?? ""), bytesOf(fields[i + 1] ?? "")];
  }

  /** One `name: value` a line, for messages. */
  toString(): string {
    return [...this].map(([name, value]) => `${name}: ${textOf(octetsOf(value))}`).join("\n");
  }
}
