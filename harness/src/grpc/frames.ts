/** Bytes before each message: whether it is compressed, and its length. Source: gRPC over HTTP/2, "Length-Prefixed-Message". */
const prefixLength = 5;

/** A message as it is sent. */
export function frame(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(prefixLength + message.length);
  new DataView(framed.buffer).setUint32(1, message.length);
  framed.set(message, prefixLength);
  return framed;
}

/** Takes messages out of the bytes of a stream, however those are cut. */
export class FrameReader {
  private rest = Buffer.alloc(0);

  /** The messages that are complete with these bytes. */
  read(chunk: Uint8Array): Uint8Array[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const messages: Uint8Array[] = [];
    for (let end = this.firstEnd(); end <= this.rest.length; end = this.firstEnd()) {
      messages.push(new Uint8Array(this.rest.subarray(prefixLength, end)));
      this.rest = this.rest.subarray(end);
    }
    return messages;
  }

  private firstEnd(): number {
    return this.rest.length < prefixLength ? Infinity : prefixLength + this.rest.readUInt32BE(1);
  }
}
