import { HarnessError } from "./errors.ts";
import { refuseUnknownOptions } from "./options.ts";

const utf8 = new TextEncoder();

/**
 * Where the end of a body is.
 *
 * @category Send and receive
 */
export interface BodyChunksOptions {
  /** The stream ends behind the last chunk, as HTTP/1.1 has it, and not with it, as HTTP/2 can. Default true. */
  endsAlone?: boolean;
}

/**
 * A body in exactly these chunks, sent chunked even if it is one, and with the empty ones. A real Envoy is sent one after the
 * other, but reads what has come: two may be one to the filter; HTTP/1.1 has no empty ones, and its end is always alone.
 *
 * @category Send and receive
 */
export class BodyChunks {
  /** The chunks, text as UTF-8. */
  readonly chunks: readonly Uint8Array[];
  /** As in the options. */
  readonly endsAlone: boolean;

  /** Refused with `invalid_input` for an unknown option. */
  constructor(chunks: ReadonlyArray<string | Uint8Array>, options: BodyChunksOptions = {}) {
    refuseUnknownOptions("BodyChunks", options, ["endsAlone"]);
    this.chunks = chunks.map(bytesOf);
    this.endsAlone = options.endsAlone ?? true;
  }

  /**
   * A body that is cut before these bytes, each counted from 0; there is an empty chunk between two equal cuts, before a cut at
   * 0, and behind one at the end. Refused with `invalid_input` for a cut that is none of these.
   */
  static cut(
    body: string | Uint8Array,
    cuts: readonly number[],
    options: BodyChunksOptions = {},
  ): BodyChunks {
    const bytes = bytesOf(body);
    const sorted = [...cuts].sort((a, b) => a - b);
    for (const cut of sorted) refuseBeyond(cut, bytes.length);
    const starts = [0, ...sorted];
    return new BodyChunks(
      starts.map((start, i) => bytes.subarray(start, sorted[i])),
      options,
    );
  }
}

function refuseBeyond(cut: number, length: number): void {
  if (Number.isInteger(cut) && cut >= 0 && cut <= length) return;
  throw new HarnessError(
    "invalid_input",
    `BodyChunks.cut: ${cut} is not one of 0 to ${length}, the body's length`,
  );
}

function bytesOf(chunk: string | Uint8Array): Uint8Array {
  return typeof chunk === "string" ? utf8.encode(chunk) : chunk;
}
