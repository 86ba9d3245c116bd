import { Stored } from "as-proxy-wasm";
import { Bucket } from "./bucket";
import { StateTable } from "./state-table";

/** The place of one key in a table, and a copy of its state: what is done to the copy shows once it is stored. */
export class Place {
  private bucket: Bucket;
  private index: i32 = -1;
  /** Whether the key has an entry. */
  isKnown: bool = false;
  private readonly copy: ArrayBuffer;

  constructor(
    private readonly table: StateTable,
    private readonly fingerprint: u64,
  ) {
    this.copy = new ArrayBuffer(table.stateLength);
    this.bucket = table.read(fingerprint);
    this.find();
  }

  /** Where the copy of the state is. */
  get state(): usize {
    return changetype<usize>(this.copy);
  }

  /** Takes the state anew, as somebody else has changed it. */
  read(): void {
    this.bucket = this.table.read(this.fingerprint);
    this.find();
  }

  /** Looks for an entry that a new key may have; false when all are in use. */
  findFree(now: u64): bool {
    this.index = this.bucket.findFree(now);
    return this.index >= 0;
  }

  /** The moment at which the first entry can be had by another key. */
  get firstFreeFrom(): u64 {
    return this.bucket.firstFreeFrom;
  }

  /** Puts the copy in the place of the state, if nobody has changed the bucket since it was read. */
  store(): Stored {
    return this.table.replace(this.fingerprint, this.bucket, this.index, this.state);
  }

  private find(): void {
    this.index = this.bucket.find(this.fingerprint);
    this.isKnown = this.index >= 0;
    if (this.isKnown) memory.copy(this.state, this.bucket.stateAt(this.index), this.table.stateLength);
    else memory.fill(this.state, 0, this.table.stateLength);
  }
}
