import { Bytes, SharedUpdate } from "as-proxy-wasm";

/** How long a VM's entry counts without being renewed; it is renewed three times as often. */
export const LEASE_NANOS: u64 = 3_000_000_000;

// An entry: the VM, how many faults are active in it, and until when that counts.
//   0        8        12       20
//   | vm u64 | n u32  | until  |
const ENTRY = 20;

/**
 * The active faults of all VMs, an entry for each VM that has some: brings that of one VM up to date, and leaves out those
 * of VMs that have not renewed theirs, for they are lost.
 */
export class RegisterUpdate extends SharedUpdate {
  /** How many faults the entry says are active in this VM; 0 when it has none. */
  seen: u32 = 0;
  /** How many are active in other VMs. */
  others: u64 = 0;
  /** How many were active in VMs that are lost. */
  lost: u32 = 0;

  constructor(
    private readonly vm: u64,
    /** How many are active in this VM from now on. */
    private readonly wanted: u32,
    /** The update is not made when more than so many would be active in all. */
    private readonly limit: u64,
    private readonly nowNanos: u64,
  ) {
    super();
  }

  /** Whether the limit stands against what is wanted. */
  get isOverLimit(): bool {
    return this.wanted > this.seen && this.others + this.wanted > this.limit;
  }

  next(current: Bytes | null): Bytes | null {
    const entries = current === null ? Bytes.EMPTY : current;
    this.seen = 0;
    this.others = 0;
    this.lost = 0;
    const kept = Bytes.fromBuffer(new ArrayBuffer(entries.length + ENTRY));
    let length = 0;
    for (let at = 0; at + ENTRY <= entries.length; at += ENTRY) {
      if (!this.isKept(entries.start + at)) continue;
      memory.copy(kept.start + length, entries.start + at, ENTRY);
      length += ENTRY;
    }
    const count = this.isOverLimit ? this.seen : this.wanted;
    if (count > 0) length += this.write(kept.start + length, count);
    return kept.slice(0, length);
  }

  /** Takes note of an entry; whether it is another VM's that lives. */
  private isKept(entry: usize): bool {
    const count = load<u32>(entry, 8);
    if (load<u64>(entry) == this.vm) {
      this.seen = count;
      return false;
    }
    if (load<u64>(entry, 12) < this.nowNanos) {
      this.lost += count;
      return false;
    }
    this.others += count;
    return true;
  }

  private write(entry: usize, count: u32): i32 {
    store<u64>(entry, this.vm);
    store<u32>(entry, count, 8);
    store<u64>(entry, this.nowNanos + LEASE_NANOS, 12);
    return ENTRY;
  }
}
