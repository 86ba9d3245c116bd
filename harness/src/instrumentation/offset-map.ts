/** A part of a module that was put together anew: as it was, or new code before what stands at its origin. */
export interface Piece {
  readonly bytes: ArrayLike<number>;
  /** The offset in the first module; null for what belongs to nothing there. */
  readonly origin: number | null;
  readonly isNew: boolean;
}

/** A piece by the offset at which it begins. */
interface Part extends Omit<Piece, "bytes"> {
  readonly start: number;
}

/** Leads from offsets in a module that was put together anew to those in the first one. */
export class OffsetMap {
  private readonly parts: readonly Part[];
  /** Those that were there before. */
  private kept: readonly Part[] | null = null;

  private constructor(parts: readonly Part[]) {
    this.parts = parts;
  }

  /** Joins the pieces to a module. */
  static join(pieces: readonly Piece[]): { bytes: Uint8Array<ArrayBuffer>; offsets: OffsetMap } {
    const bytes = new Uint8Array(lengthOf(pieces));
    const parts: Part[] = [];
    let start = 0;
    for (const { bytes: content, origin, isNew } of pieces) {
      bytes.set(content, start);
      parts.push({ start, origin, isNew });
      start += content.length;
    }
    return { bytes, offsets: new OffsetMap(parts) };
  }

  /** Where what stands at an offset stood before; new code stands for what it was put before. Null where that is nothing. */
  origin(offset: number): number | null {
    const { start, origin, isNew } = this.partAt(offset);
    return origin === null || isNew ? origin : origin + offset - start;
  }

  /** Where what stood at an offset of the first module stands now; null where nothing does. */
  offsetOf(origin: number): number | null {
    this.kept ??= this.parts.filter((part) => !part.isNew);
    const part = lastBefore(this.kept, (kept) => (kept.origin ?? 0) <= origin);
    return part === null || part.origin === null ? null : part.start + origin - part.origin;
  }

  /** The last part that starts at the offset or before it. */
  private partAt(offset: number): Part {
    return lastBefore(this.parts, ({ start }) => start <= offset) ?? { start: 0, origin: null, isNew: true };
  }
}

/** The last of the parts, in order, that is not beyond what is looked for; the first when all are, null of none. */
function lastBefore(parts: readonly Part[], isNotBeyond: (part: Part) => boolean): Part | null {
  let [low, high] = [0, parts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const part = parts[middle];
    if (part !== undefined && isNotBeyond(part)) low = middle;
    else high = middle;
  }
  return parts[low] ?? null;
}

export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
