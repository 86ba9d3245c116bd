import { Bytes } from "as-proxy-wasm";

/** Reads a structured field from its beginning; a part that is not there is null. Source: RFC 9651. */
export class TextReader {
  at: i32 = 0;

  constructor(readonly text: Bytes) {}

  get isAtEnd(): bool {
    return this.at == this.text.length;
  }

  /** Whether a byte stands here; goes on behind it. */
  take(byte: u8): bool {
    if (this.isAtEnd || this.text[this.at] != byte) return false;
    this.at++;
    return true;
  }

  /** A key, or a bare name of a parameter. */
  key(): Bytes | null {
    const from = this.at;
    while (!this.isAtEnd && isKeyByte(this.text[this.at])) this.at++;
    const isKey = this.at > from && (isLower(this.text[from]) || this.text[from] == 0x2a);
    return isKey ? this.text.slice(from, this.at) : null;
  }

  /** What stands between quotes; escapes are not known here. */
  quoted(): Bytes | null {
    if (!this.take(0x22)) return null;
    const from = this.at;
    while (!this.isAtEnd && isPlain(this.text[this.at])) this.at++;
    const end = this.at;
    return this.take(0x22) ? this.text.slice(from, end) : null;
  }

  /** A whole number of at most 15 digits; -1 when there is none. */
  integer(): i64 {
    const from = this.at;
    let value: i64 = 0;
    while (!this.isAtEnd && this.at - from < 15 && <u32>this.text[this.at] - 0x30 < 10)
      value = value * 10 + (this.text[this.at++] - 0x30);
    return this.at == from ? -1 : value;
  }

  /** What stands between colons, in base64. */
  byteSequence(): Bytes | null {
    if (!this.take(0x3a)) return null;
    const from = this.at;
    while (!this.isAtEnd && this.text[this.at] != 0x3a) this.at++;
    const end = this.at;
    return this.take(0x3a) ? this.text.slice(from, end) : null;
  }
}

function isLower(byte: u8): bool {
  return <u32>byte - 0x61 < 26;
}

function isKeyByte(byte: u8): bool {
  const isMark = byte == 0x5f || byte == 0x2d || byte == 0x2e || byte == 0x2a;
  return isLower(byte) || <u32>byte - 0x30 < 10 || isMark;
}

/** What a text may hold but `"` and `\`. */
function isPlain(byte: u8): bool {
  return byte >= 0x20 && byte < 0x7f && byte != 0x22 && byte != 0x5c;
}
