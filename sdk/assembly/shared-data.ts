import { proxy_get_shared_data, proxy_set_shared_data } from "./abi/imports";
import { lengthSlot, resultBytes, resultSlot, versionNumber, versionSlot } from "./abi/memory";
import { Status } from "./abi/types";
import { Bytes, utf8 } from "./bytes";
import { succeeded } from "./host-calls";
import { PluginPart } from "./plugin/parts";

/** Stores whatever is there. */
const UNCONDITIONALLY: u32 = 0;

/**
 * The host counts versions up from 1, so that of four billion values one has this version. It takes any version for a key
 * that it does not have, so that this one creates the key, and loses against whoever created it first; 0 would overwrite
 * that one's value.
 */
const ONLY_WHEN_ABSENT: u32 = 0xffff_fffe;

const MOST_ATTEMPTS = 256;

/** Whether the value that was asked for last is known not to be there. */
let isAbsent: bool = false;

/**
 * A value as it was when it was read. Source: proxy-wasm ABI 0.2.1, "Shared Key-Value Store".
 *
 * @category Shared data and queues
 */
export class SharedValue {
  /** For the SDK. @internal */
  constructor(
    /** The value; no bytes when it is empty. */
    readonly bytes: Bytes,
    /** What the host calls `cas`: changes whenever the value is stored. */
    readonly version: u32,
  ) {}
}

/**
 * What became of a value that was to be stored.
 *
 * @category Shared data and queues
 */
export enum Stored {
  /** It is stored. */
  Yes,
  /** Somebody else stored another one meanwhile; nothing has changed. */
  Lost,
  /** The host refused it, which is logged at error. */
  Refused,
  /** An update left everything as it was. */
  Unchanged,
}

/**
 * How a shared value changes. Extend it with what `next` needs as fields, and what it finds out. Source: proxy-wasm
 * ABI 0.2.1, "Shared Key-Value Store".
 *
 * @category Shared data and queues
 */
export abstract class SharedUpdate {
  /**
   * What is to stand in place of the value, null when that is to stay; `current` is null when there is none. Runs again
   * with the newer value when somebody else was faster, so that only its last run counts.
   */
  abstract next(current: Bytes | null): Bytes | null;
}

/**
 * Values by key that all VMs of a plugin share, over all worker threads, until Envoy ends: there is no way to
 * delete one, so that keys must not come from clients without a bound. The host would share them with every plugin of
 * the same vm_id, so that a key carries the names of filter, plugin and root_id: those of two plugins never meet.
 * Valid in every callback. Source: proxy-wasm ABI 0.2.1, "Shared Key-Value Store".
 *
 * @category Shared data and queues
 */
export class SharedData extends PluginPart {
  /**
   * What all plugins of a vm_id share that use this name; `sharedData` of a plugin is its own. All keys begin with the
   * name: let it end with a byte that no other has, `utf8("limits\0")`.
   */
  constructor(private readonly namespace: Bytes) {
    super();
  }

  /** The value of a key; null when there is none, or the host refuses, which is logged at error; no bytes when it is empty. */
  get(key: Bytes): SharedValue | null {
    return load(this.fullKey(key));
  }

  /** Stores a value whatever was there: what others store at the same time is lost. False when the host refuses it. */
  set(key: Bytes, value: Bytes): bool {
    return store(this.fullKey(key), value, UNCONDITIONALLY) == Stored.Yes;
  }

  /** Stores a value if nobody has stored another one since `seen` was read; null stands for no value. */
  replace(key: Bytes, value: Bytes, seen: SharedValue | null): Stored {
    return store(this.fullKey(key), value, seen === null ? ONLY_WHEN_ABSENT : seen.version);
  }

  /**
   * Changes a value so that no change of anybody is lost, the first one included: reads it, asks `update` for the next
   * one, and does so again when somebody else was faster, up to 256 times; `Lost` after that.
   */
  update(key: Bytes, update: SharedUpdate): Stored {
    const fullKey = this.fullKey(key);
    let stored = Stored.Lost;
    for (let i = 0; i < MOST_ATTEMPTS && stored == Stored.Lost; i++) {
      stored = attempt(fullKey, update);
    }
    return stored;
  }

  private fullKey(key: Bytes): Bytes {
    return this.namespace.concat(key);
  }
}

function attempt(fullKey: Bytes, update: SharedUpdate): Stored {
  const seen = load(fullKey);
  if (seen === null && !isAbsent) return Stored.Refused;
  const next = update.next(seen === null ? null : seen.bytes);
  if (next === null) return Stored.Unchanged;
  return store(fullKey, next, seen === null ? ONLY_WHEN_ABSENT : seen.version);
}

function load(fullKey: Bytes): SharedValue | null {
  const status = proxy_get_shared_data(
    fullKey.start,
    fullKey.length,
    resultSlot(),
    lengthSlot(),
    versionSlot(),
  );
  isAbsent = status == Status.NotFound;
  if (isAbsent || !succeeded(utf8("proxy_get_shared_data"), status)) return null;
  return new SharedValue(resultBytes(), versionNumber());
}

function store(fullKey: Bytes, value: Bytes, version: u32): Stored {
  const status = proxy_set_shared_data(fullKey.start, fullKey.length, value.start, value.length, version);
  if (status == Status.CasMismatch) return Stored.Lost;
  return succeeded(utf8("proxy_set_shared_data"), status) ? Stored.Yes : Stored.Refused;
}
