/** A field of a header map. Here as in all of the light host, bytes are a string of one character a byte. */
export type Field = readonly [name: string, value: string];

const letters = /[A-Z]/g;

/** A name as HTTP compares it. */
export function lowerCase(name: string): string {
  return name.replace(letters, (letter) => letter.toLowerCase());
}

export function add(fields: readonly Field[], name: string, value: string): Field[] {
  return [...fields, [lowerCase(name), value]];
}

export function remove(fields: readonly Field[], name: string): Field[] {
  const wanted = lowerCase(name);
  return fields.filter(([each]) => each !== wanted);
}

export function set(fields: readonly Field[], name: string, value: string): Field[] {
  return add(remove(fields, name), name, value);
}

/** Whether a host may be given the name: a token, or a colon and a token (RFC 9110, 5.6.2). */
export function isName(name: string): boolean {
  return /^:?[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
}

export function isValue(value: string): boolean {
  return !/[\0\r\n]/.test(value);
}

/** Pairs in the host's form. */
export function encodePairs(fields: readonly Field[]): string {
  const lengths = fields.flat().map((item) => u32(item.length));
  return (
    u32(fields.length) + lengths.join("") + fields.map(([name, value]) => `${name}\0${value}\0`).join("")
  );
}

/** What a block of pairs holds; null when its lengths do not add up. */
export function decodePairs(block: string): Field[] | null {
  if (block === "") return [];
  if (block.length < 4) return null;
  const bytes = Buffer.from(block, "latin1");
  const count = bytes.readUInt32LE();
  if (4 + count * 8 > bytes.length) return null;
  const fields: Field[] = [];
  let at = 4 + count * 8;
  for (let i = 0; i < count; i++) {
    const valueAt = at + bytes.readUInt32LE(4 + i * 8) + 1;
    const end = valueAt + bytes.readUInt32LE(8 + i * 8);
    fields.push([block.slice(at, valueAt - 1), block.slice(valueAt, end)]);
    at = end + 1;
  }
  return at === bytes.length ? fields : null;
}

/** A number as 4 bytes. */
export function u32(value: number): string {
  return String.fromCharCode(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}
