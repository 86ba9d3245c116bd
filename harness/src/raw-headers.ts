import { HeaderList } from "./header-list.ts";
import { connectionFields } from "./message.ts";

/** Header fields as node:http writes and reads them: names and values in turn, one character a byte. */
export type RawHeaders = readonly string[];

export function toRaw(list: HeaderList): string[] {
  return toPairs(list).flat();
}

export function toPairs(list: HeaderList): Array<[name: string, value: string]> {
  return [...list].map(([name, value]) => [name, latin1(value)]);
}

/** Without the fields that belong to the connection. */
export function fromRaw(raw: RawHeaders): HeaderList {
  const list = new HeaderList();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? "").toLowerCase();
    if (!connectionFields.has(name)) list.add(name, new Uint8Array(Buffer.from(raw[i + 1] ?? "", "latin1")));
  }
  return list;
}

/** Text as node:http wants it where bytes are meant. */
export function latin1(value: Uint8Array | string): string {
  return Buffer.from(value).toString("latin1");
}

interface Framed {
  readonly headers: HeaderList;
  readonly chunks: readonly Uint8Array[] | AsyncIterable<Uint8Array>;
  readonly trailers: HeaderList;
  readonly cut?: unknown;
}

/**
 * The fields that say where the body ends, unless the message has its own: one chunk has a known length, several
 * chunks, a stream, a body that a test cuts and trailers need chunked encoding.
 */
export function framing({ headers, chunks, trailers, cut }: Framed, emptyLength: string[] = []): string[] {
  if (headers.find("content-length") !== null || headers.find("transfer-encoding") !== null) return [];
  if (!isWhole(chunks) || chunks.length > 1 || trailers.size > 0 || cut !== undefined)
    return ["transfer-encoding", "chunked"];
  const [body] = chunks;
  return body === undefined ? emptyLength : ["content-length", String(body.byteLength)];
}

function isWhole(chunks: Framed["chunks"]): chunks is readonly Uint8Array[] {
  return Array.isArray(chunks);
}

/** As node:http2 wants trailers: the values of one name together. */
export function toHttp2(list: HeaderList): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const [name, value] of list) (fields[name] ??= []).push(latin1(value));
  return fields;
}

/** The `content-length` that HTTP/2 and HTTP/3 messages are given as HTTP/1.1's are; null when their own or none. */
export function bodyLength(message: Framed): string | null {
  const [name, value] = framing(message);
  return name === "content-length" ? (value ?? null) : null;
}

/** The fields without those that begin with a colon. */
export function withoutPseudo(fields: HeaderList): HeaderList {
  return HeaderList.from([...fields].filter(([name]) => !name.startsWith(":")));
}
