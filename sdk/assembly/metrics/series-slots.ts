import { Bytes, utf8 } from "../bytes";
import { SharedData, Stored } from "../shared-data";

/**
 * The series that all VMs of a vm_id have made of some name, each in a slot of the shared data that nobody takes twice: so
 * many, and not one more, whatever runs at the same time and however often a VM is lost. A VM reads each slot once.
 */
export class SeriesSlots {
  private readonly shared: SharedData;
  private known: i32 = 0;

  constructor(
    /** What the series' names have in common, with the names of their labels. */
    name: Bytes,
    private readonly most: i32,
  ) {
    this.shared = new SharedData(utf8("proxy_wasm.series\0").concat(name).concat(utf8("\0")));
  }

  /** Whether no slot is left, of which all are known. */
  get isFull(): bool {
    return this.known >= this.most;
  }

  /** Takes the next slot for a series; the series that has it already, or null when this one has it now. */
  take(series: Bytes): Bytes | null {
    const slot = Bytes.fromInteger(this.known++);
    if (this.shared.replace(slot, series, null) != Stored.Lost) return null;
    const taken = this.shared.get(slot);
    return taken === null ? null : taken.bytes;
  }
}
