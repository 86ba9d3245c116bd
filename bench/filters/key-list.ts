import { Bytes, PluginConfiguration, utf8 } from "as-proxy-wasm";

const BUCKETS = 256;

/** API keys, one on each line. */
export class KeyList extends PluginConfiguration {
  private readonly buckets: StaticArray<Bytes[] | null> = new StaticArray<Bytes[] | null>(BUCKETS);

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
    const bucket = this.buckets[key.hash() % BUCKETS];
    if (bucket === null) return false;
    for (let i = 0; i < bucket.length; i++) {
      if (bucket[i].equals(key)) return true;
    }
    return false;
  }

  private add(key: Bytes): void {
    const index = key.hash() % BUCKETS;
    const bucket = this.buckets[index];
    if (bucket === null) this.buckets[index] = [key];
    else bucket.push(key);
  }
}
