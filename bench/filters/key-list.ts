import { Bytes, PluginConfiguration, utf8 } from "as-proxy-wasm";

const BUCKETS = 256;

/** A key, and the one that was put before it into the same bucket. */
class Entry {
  constructor(
    readonly key: Bytes,
    readonly next: Entry | null,
  ) {}
}

/** API keys, one on each line. */
export class KeyList extends PluginConfiguration {
  private readonly buckets: StaticArray<Entry | null> = new StaticArray<Entry | null>(BUCKETS);

  accept(text: Bytes): string | null {
    let from = 0;
    while (from < text.length) {
      const end = text.indexOf(utf8("\n"), from);
      const to = end < 0 ? text.length : end;
      this.add(text.slice(from, to));
      from = to + 1;
    }
    return null;
  }

  /** Whether this is one of the keys. */
  has(key: Bytes): bool {
    let entry = this.buckets[key.hash() % BUCKETS];
    while (entry !== null && !entry.key.equals(key)) entry = entry.next;
    return entry !== null;
  }

  private add(key: Bytes): void {
    const index = key.hash() % BUCKETS;
    this.buckets[index] = new Entry(key, this.buckets[index]);
  }
}
