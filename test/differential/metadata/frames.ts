/** What an HTTP/2 client sends before its first frame (RFC 9113, section 3.4). */
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const headLength = 9;

/** Types of frames: `METADATA` is Envoy's, of its extension (envoyproxy/envoy, source/docs/h2_metadata.md). */
const Type = { data: 0x0, headers: 0x1, metadata: 0x4d } as const;
const Flag = { endStream: 0x1, endHeaders: 0x4, endMetadata: 0x4 } as const;

/** Names and values, each of less than 127 bytes. */
export type MetadataPairs = ReadonlyArray<readonly [name: string, value: string]>;

/** Puts METADATA behind the headers of each message in what one end of a connection sends; the rest stays as it is. */
export class MetadataInserter {
  private readonly metadata: MetadataPairs;
  private readonly begun = new Set<number>();
  private pending: Buffer = Buffer.alloc(0);

  constructor(metadata: MetadataPairs) {
    this.metadata = metadata;
  }

  /** What has come by now as a whole, with what belongs behind it. */
  push(bytes: Uint8Array): Buffer {
    this.pending = Buffer.concat([this.pending, bytes]);
    const out: Buffer[] = [];
    for (let part = this.take(); part !== null; part = this.take()) out.push(part);
    return Buffer.concat(out);
  }

  /** The preface, or a frame; null while it is not there as a whole. */
  private take(): Buffer | null {
    const { pending } = this;
    if (pending.length < headLength) return null;
    if (pending.toString("latin1", 0, 3) === "PRI") return this.cut(preface.length);
    const frame = this.cut(headLength + pending.readUIntBE(0, 3));
    return frame === null ? null : this.followed(frame);
  }

  private cut(length: number): Buffer | null {
    if (this.pending.length < length) return null;
    const part = this.pending.subarray(0, length);
    this.pending = this.pending.subarray(length);
    return part;
  }

  /** METADATA cannot end a stream: the end of one without a body goes behind it. */
  private followed(frame: Buffer): Buffer {
    const stream = frame.readUInt32BE(5);
    if (frame[3] !== Type.headers || this.begun.has(stream)) return frame;
    this.begun.add(stream);
    const flags = frame[4] ?? 0;
    const headers = Buffer.from(frame);
    headers[4] = flags & ~Flag.endStream;
    const metadata = frameOf(Type.metadata, Flag.endMetadata, { stream, payload: encoded(this.metadata) });
    const end = frameOf(Type.data, Flag.endStream, { stream, payload: Buffer.alloc(0) });
    return Buffer.concat((flags & Flag.endStream) === 0 ? [headers, metadata] : [headers, metadata, end]);
  }
}

function frameOf(type: number, flags: number, { stream, payload }: { stream: number; payload: Buffer }) {
  const head = Buffer.alloc(headLength);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** HPACK's literals without indexing, of new names (RFC 7541, section 6.2.2). */
function encoded(pairs: MetadataPairs): Buffer {
  return Buffer.concat(pairs.map(([name, value]) => Buffer.concat([Buffer.of(0), text(name), text(value)])));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "latin1");
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
