/** What the campaign finds a guest to do that no guest may. */
export class Misdeed extends Error {}

/** The guest's memory as host calls see it: a range outside of it is a misdeed. */
export class GuestMemory {
  private readonly memory: WebAssembly.Memory;
  private readonly allocate: (length: number) => number;

  constructor(memory: WebAssembly.Memory, allocate: (length: number) => number) {
    this.memory = memory;
    this.allocate = allocate;
  }

  /** Bytes of the guest, one character each. */
  text(at: number, length: number): string {
    return Buffer.from(this.range(at, length)).toString("latin1");
  }

  writeU32(at: number, value: number): void {
    this.view(at, 4).setUint32(0, value, true);
  }

  writeU64(at: number, value: bigint): void {
    this.view(at, 8).setBigUint64(0, value, true);
  }

  fill(at: number, length: number, byte: number): void {
    this.range(at, length).fill(byte);
  }

  /** Hands bytes over in a block that the guest allocates; no bytes have none. False when it does not allocate. */
  give(bytes: string, out: number, lengthOut: number): boolean {
    const at = bytes === "" ? 0 : this.allocate(bytes.length) >>> 0;
    if (at === 0 && bytes !== "") return false;
    this.range(at, bytes.length).set(Buffer.from(bytes, "latin1"));
    this.writeU32(out, at);
    this.writeU32(lengthOut, bytes.length);
    return true;
  }

  private range(at: number, length: number): Uint8Array {
    const start = at >>> 0;
    if (length < 0 || start + length > this.memory.buffer.byteLength)
      throw new Misdeed(`${length} bytes at ${start} are not the guest's`);
    return new Uint8Array(this.memory.buffer, start, length);
  }

  private view(at: number, length: number): DataView {
    const range = this.range(at, length);
    return new DataView(range.buffer, range.byteOffset, length);
  }
}
