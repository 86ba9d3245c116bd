/** A part of a module that was put together anew: as it was, or new code before what stands at its origin. */
export interface Piece {
  readonly bytes: ArrayLike<number>;
  /** The offset in the first module; null for what belongs to nothing there. */
  readonly origin: number | null;
  readonly isNew: boolean;
}

/** Leads from offsets in a module that was put together anew to those in the first one. */
export class OffsetMap {
  private readonly pieces: readonly Piece[];
  private readonly starts: readonly number[];

  private constructor(pieces: readonly Piece[], starts: readonly number[]) {
    this.pieces = pieces;
    this.starts = starts;
  }

  /** Joins the pieces to a module. */
  static join(pieces: readonly Piece[]): { bytes: Uint8Array<ArrayBuffer>; offsets: OffsetMap } {
    const bytes = new Uint8Array(lengthOf(pieces));
    const starts: number[] = [];
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece.bytes, at);
      starts.push(at);
      at += piece.bytes.length;
    }
    return { bytes, offsets: new OffsetMap(pieces, starts) };
  }

  /** Where what stands at an offset stood before; new code stands for what it was put before. Null where that is nothing. */
  origin(offset: number): number | null {
    const i = this.indexOf(offset);
    const { origin = null, isNew = true } = this.pieces[i] ?? {};
    return origin === null || isNew ? origin : origin + offset - (this.starts[i] ?? 0);
  }

  /** The last piece that starts at the offset or before it. */
  private indexOf(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }
}

export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
