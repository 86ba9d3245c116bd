import { Bytes, SharedData, SipHash, Stored } from "as-proxy-wasm";
import { Bucket, WAYS } from "./bucket";

/** As many entries there are for each key that is to have one, so that chance seldom fills a bucket before its time. */
const ENTRIES_PER_KEY = 2;

const MOST_KEY_LENGTH = 5;

/**
 * The states of keys, of one length, that all workers of a plugin share: buckets of shared data, of which there are so
 * many for good. A key is known by its hash alone, of 64 bits. Nothing is ever moved or thrown out: an entry is another
 * key's once its state is as good as fresh.
 */
export class StateTable {
  private readonly buckets: u32;

  constructor(
    private readonly data: SharedData,
    private readonly hash: SipHash,
    readonly stateLength: i32,
    maxKeys: u32,
  ) {
    this.buckets = (maxKeys * ENTRIES_PER_KEY + WAYS - 1) / WAYS;
  }

  /** The hash by which the table knows a key. */
  fingerprint(key: Bytes): u64 {
    return this.hash.hash(key);
  }

  /** The bucket in which a key is, or would be. */
  read(fingerprint: u64): Bucket {
    return new Bucket(this.data.get(this.keyOf(fingerprint)), this.stateLength);
  }

  /** Stores an entry if nobody has changed the bucket since it was read. */
  replace(fingerprint: u64, bucket: Bucket, index: i32, state: usize): Stored {
    const bytes = bucket.with(index, fingerprint, state);
    return this.data.replace(this.keyOf(fingerprint), bytes, bucket.seen);
  }

  /** The length of the states, so that tables do not meet, and the number of the bucket. */
  private keyOf(fingerprint: u64): Bytes {
    const key = Bytes.fromBuffer(new ArrayBuffer(MOST_KEY_LENGTH));
    store<u8>(key.start, <u8>this.stateLength);
    store<u32>(key.start, <u32>(((fingerprint >> 32) * this.buckets) >> 32), 1);
    return key;
  }
}
