import { HeaderList } from "../header-list.ts";
import { connectionFields } from "../message.ts";

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
  readonly chunks: readonly Uint8Array[];
  readonly trailers: HeaderList;
}

/**
 * The fields that say where the body ends, unless the message has its own: one chunk has a known length, several
 * chunks and trailers need chunked encoding.
 */
export function framing({ headers, chunks, trailers }: Framed, emptyLength: string[] = []): string[] {
  if (headers.has("content-length") || headers.has("transfer-encoding")) return [];
  if (chunks.length > 1 || trailers.size > 0) return ["transfer-encoding", "chunked"];
  const [body] = chunks;
  return body === undefined ? emptyLength : ["content-length", String(body.byteLength)];
}
