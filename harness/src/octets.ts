// Short bytes as text with a character for each byte, U+0000 to U+00FF: an array of so few takes V8 ten times the memory,
// and ASCII, which header fields nearly always are, is the same as text and as octets.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A loop is quicker than the way to what writes many. */
const fewOctets = 8;

/** Text in its UTF-8, or bytes, as octets; half of a surrogate pair becomes U+FFFD. */
export function octetsOf(value: string | Uint8Array): string {
  if (typeof value !== "string") return bufferOf(value).toString("latin1");
  return isAscii(value) ? value : Buffer.from(value).toString("latin1");
}

/** The name of a field, which is text, as octets, and its ASCII letters small. */
export function nameOctets(name: string): string {
  if (isSmallAscii(name)) return name;
  return isAscii(name) ? name.toLowerCase() : smallLetters(octetsOf(name));
}

/** As `nameOctets`, of a name that is octets. */
export function smallLetters(octets: string): string {
  if (isSmallAscii(octets)) return octets;
  return isAscii(octets) ? octets.toLowerCase() : octets.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Text in its UTF-8; bytes as they are. */
export function bytesIn(value: string | Uint8Array): Uint8Array {
  if (typeof value !== "string") return value;
  return value.length <= fewOctets && isAscii(value) ? bytesOf(value) : encoder.encode(value);
}

/** Octets as bytes of their own. */
export function bytesOf(octets: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(octets.length);
  putOctets(octets, bytes, 0);
  return bytes;
}

/** Octets as the text of which they are the UTF-8; one that is none becomes U+FFFD. */
export function textOf(octets: string): string {
  return isAscii(octets) ? octets : decoder.decode(bytesOf(octets));
}

/** Writes octets into bytes, which have room for them. */
export function putOctets(octets: string, bytes: Uint8Array, at: number): void {
  if (octets.length > fewOctets) bufferOf(bytes).write(octets, at, "latin1");
  else for (let i = 0; i < octets.length; i++) bytes[at + i] = octets.charCodeAt(i);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

function isSmallAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f || (unit > 0x40 && unit < 0x5b)) return false;
  }
  return true;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
