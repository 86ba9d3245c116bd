import { Status } from "./status.ts";

/** There is nothing in it that could be changed. */
export const noBytes = new Uint8Array();

/** Bytes that a guest reads and, unless they are read-only, changes by `proxy_set_buffer_bytes`. */
export class BodyBuffer {
  bytes: Uint8Array;
  private readonly readOnly: boolean;

  constructor(bytes: Uint8Array, options?: { readOnly?: boolean }) {
    this.bytes = bytes;
    this.readOnly = options?.readOnly ?? false;
  }

  /** A range of u32 start and length; what lies past the end is left out. */
  range(start: number, length: number): Uint8Array {
    return this.bytes.subarray(start >>> 0, (start >>> 0) + (length >>> 0));
  }

  /**
   * Envoy's rules: start 0 replaces the first `length` bytes, a start at the end or past it appends, and anything
   * between is refused.
   */
  replace(start: number, length: number, content: Uint8Array): Status {
    if (this.readOnly) return Status.BadArgument;
    if (start === 0) this.bytes = concatBytes([content, this.bytes.subarray(length >>> 0)]);
    else if (start >>> 0 >= this.bytes.length) this.bytes = concatBytes([this.bytes, content]);
    else return Status.BadArgument;
    return Status.Ok;
  }
}

/** Both, one behind the other; the same bytes when the other has none, for nobody changes bytes in their place. */
export function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  return second.length === 0 ? first : concatBytes([first, second]);
}

/** All of them in bytes of their own, unless there are none. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 0) return noBytes;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
