/** The length of a module's magic number and version. */
export const headerLength = 8;

/** Sections by their ids (WebAssembly core specification 3.0, chapter 5.5.2). */
export const section = {
  ...({ custom: 0, type: 1, import: 2, function: 3, table: 4, memory: 5, global: 6, export: 7 } as const),
  ...({ start: 8, element: 9, code: 10, data: 11, dataCount: 12, tag: 13 } as const),
};

/** A cursor over a part of the file; reading past the end throws a RangeError. */
export class Reader {
  private readonly bytes: Uint8Array;
  private at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** The offset of the next byte. */
  get offset(): number {
    return this.at;
  }

  get atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined)
      throw new RangeError(`the module ends at byte ${this.bytes.length}, inside a section`);
    return value;
  }

  u32(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  leb(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  /** Passes over a LEB128 number of any length. */
  passLeb(): void {
    while (this.byte() >= 0x80);
  }

  pass(length: number): void {
    if (this.at + length > this.bytes.length)
      throw new RangeError("an instruction is longer than the module");
    this.at += length;
  }

  /** The number at an offset; the cursor stays. */
  u32At(offset: number): number {
    return new Reader(this.bytes, offset).u32();
  }

  /** A reader of the next bytes, which this one passes over; its offsets count from its own beginning. */
  part(length: number): Reader {
    if (this.at + length > this.bytes.length) throw new RangeError("a section is longer than the module");
    const start = this.at;
    this.at += length;
    return new Reader(this.bytes.subarray(start, this.at));
  }

  name(): string {
    return new TextDecoder().decode(this.part(this.u32()).bytes);
  }

  /** Calls a function as often as the vector that starts here has elements. */
  times(read: () => void): void {
    for (let left = this.u32(); left > 0; left--) read();
  }
}
