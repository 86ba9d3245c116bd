import { putOctets } from "../octets.ts";
import { Status } from "./status.ts";

/** A loop is faster for so few than what copies many. */
const fewBytes = 48;

/** The host's access to a guest's linear memory. Addresses and lengths are u32, as the guest passes them. */
export class GuestMemory {
  private readonly memory: WebAssembly.Memory;
  private readonly allocate: (length: number) => number;
  private bytes: Uint8Array<ArrayBuffer>;
  private buffer: Buffer;

  /** `allocate` is the guest's malloc; it may grow the memory, and answers 0 when it has none. */
  constructor(memory: WebAssembly.Memory, allocate: (length: number) => number) {
    this.memory = memory;
    this.allocate = allocate;
    this.bytes = new Uint8Array(memory.buffer);
    this.buffer = Buffer.from(memory.buffer);
  }

  get byteLength(): number {
    return this.view().length;
  }

  /** A copy of a range, or null when it reaches past the memory. */
  read(address: number, length: number): Uint8Array<ArrayBuffer> | null {
    const start = address >>> 0;
    const end = start + (length >>> 0);
    return end > this.view().length ? null : this.view().slice(start, end);
  }

  /** A range as octets, or null when it reaches past the memory. */
  readOctets(address: number, length: number): string | null {
    const start = address >>> 0;
    const end = start + (length >>> 0);
    return end > this.view().length ? null : this.buffer.toString("latin1", start, end);
  }

  /** The u32 at an address, as a number of 32 bits with a sign; -1 when it lies past the memory. */
  readU32(address: number): number {
    const at = address >>> 0;
    const bytes = this.view();
    if (at + 4 > bytes.length) return -1;
    const byte = (i: number): number => bytes[at + i] ?? 0;
    return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
  }

  /** Copies a range into other bytes; false when it reaches past the memory. */
  copy(address: number, length: number, target: Uint8Array, at: number): boolean {
    const start = address >>> 0;
    const bytes = this.view();
    if (start + length > bytes.length) return false;
    if (length > fewBytes) target.set(bytes.subarray(start, start + length), at);
    else for (let i = 0; i < length; i++) target[at + i] = bytes[start + i] ?? 0;
    return true;
  }

  writeU32(address: number, value: number): Status {
    const at = address >>> 0;
    const bytes = this.view();
    if (at + 4 > bytes.length) return Status.InvalidMemoryAccess;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    bytes[at + 2] = value >>> 16;
    bytes[at + 3] = value >>> 24;
    return Status.Ok;
  }

  writeU64(address: number, value: bigint): Status {
    const at = address >>> 0;
    const { buffer, length } = this.view();
    if (at + 8 > length) return Status.InvalidMemoryAccess;
    new DataView(buffer).setBigUint64(at, value, true);
    return Status.Ok;
  }

  writeBytes(address: number, content: Uint8Array): Status {
    const start = address >>> 0;
    if (start + content.length > this.view().length) return Status.InvalidMemoryAccess;
    this.view().set(content, start);
    return Status.Ok;
  }

  /**
   * Hands bytes to the guest in a block that it allocates, and stores the block's address and length at the two
   * out-parameters. Nothing is allocated for empty bytes: both become 0, as in Envoy.
   */
  give(content: Uint8Array, addressOut: number, lengthOut: number): Status {
    const { length } = content;
    return this.giveWritten(length, (bytes, at) => bytes.set(content, at), addressOut, lengthOut);
  }

  /** As `give`, of octets. */
  giveOctets(octets: string, addressOut: number, lengthOut: number): Status {
    const { length } = octets;
    return this.giveWritten(length, (bytes, at) => putOctets(octets, bytes, at), addressOut, lengthOut);
  }

  /** As `give`, of so many bytes that are written where they are to be. */
  giveWritten(
    length: number,
    write: (bytes: Buffer, at: number) => void,
    addressOut: number,
    lengthOut: number,
  ): Status {
    let address = 0;
    if (length > 0) {
      address = this.allocate(length);
      if (address === 0 || address + length > this.view().length) return Status.InvalidMemoryAccess;
      write(this.buffer, address);
    }
    if (this.writeU32(addressOut, address) !== Status.Ok) return Status.InvalidMemoryAccess;
    return this.writeU32(lengthOut, length);
  }

  /** Growing detaches the buffer that was there before. */
  private view(): Uint8Array<ArrayBuffer> {
    if (this.bytes.length === 0) {
      this.bytes = new Uint8Array(this.memory.buffer);
      this.buffer = Buffer.from(this.memory.buffer);
    }
    return this.bytes;
  }
}
