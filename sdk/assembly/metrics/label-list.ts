import { Bytes } from "../bytes";
import { LONGEST_VALUE } from "./label-values";

/** More labels have no value. */
const MOST_LABELS = 32;

/**
 * The values of a series' labels, in the order of the labels: up to 32, of each the first 100 bytes. One object serves all
 * streams: `clear()`, then `add(value)` for each label, then `with(values)` of a `SeriesTable`. Source: Envoy's
 * metrics.v3, `stats_tags`.
 *
 * @category Metrics
 */
export class LabelValues {
  /** Each value behind a byte that says how long it is, so that two lists of values never look alike. */
  private readonly block: ArrayBuffer = new ArrayBuffer(MOST_LABELS * (1 + LONGEST_VALUE));
  private length: i32 = 0;

  /** Forgets all values. */
  clear(): void {
    this.length = 0;
  }

  /** The value of the next label. */
  add(value: Bytes): void {
    const size = min(value.length, LONGEST_VALUE);
    if (this.length + 1 + size > this.block.byteLength) return;
    const end = changetype<usize>(this.block) + this.length;
    store<u8>(end, <u8>size);
    memory.copy(end + 1, value.start, size);
    this.length += 1 + size;
  }

  /** The values that `gathered` took, as those of the next labels. */
  addAll(gathered: Bytes): void {
    if (this.length + gathered.length > this.block.byteLength) return;
    memory.copy(changetype<usize>(this.block) + this.length, gathered.start, gathered.length);
    this.length += gathered.length;
  }

  /** A copy of the values so far, for `addAll` in a later callback. */
  gathered(): Bytes {
    return this.all.copy();
  }

  /** For the SDK: a view of them, valid until they change. @internal */
  get all(): Bytes {
    return Bytes.view(this.block, changetype<usize>(this.block), this.length);
  }
}
