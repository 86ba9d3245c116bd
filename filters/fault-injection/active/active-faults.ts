import { monotonicTimeNanos, Plugin, randomBytes, Stored, Timer, utf8 } from "as-proxy-wasm";
import { FaultConfiguration } from "../config";
import { activeFaults } from "../stats";
import { LEASE_NANOS, RegisterUpdate } from "./register";

const RENEWAL_MS: u32 = <u32>(LEASE_NANOS / 3_000_000);

/** After so long the entry of a VM that is lost counts no more. */
const LAPSE_MS: u32 = <u32>(LEASE_NANOS / 1_000_000) + 1;

/**
 * The requests that faults act on now, in a register that all workers share: how many there may be is exact, and what a VM
 * leaves behind that is lost by a trap goes when its entry lapses. As a timer it renews the entry of this VM while it has
 * one, and looks after those of others; it is not set while nothing is active.
 */
export class ActiveFaults extends Timer {
  private readonly vm: u64 = load<u64>(randomBytes(8).start);
  private count: u32 = 0;

  constructor(
    private readonly plugin: Plugin<FaultConfiguration>,
    private readonly limit: u64,
  ) {
    super();
  }

  /** One more; false, and not counted, when there are as many as there may be. */
  begin(): bool {
    if (!this.register(this.count + 1)) return false;
    this.count++;
    return true;
  }

  /** One less. */
  end(): void {
    this.count--;
    this.register(this.count);
  }

  onTime(): void {
    this.register(this.count);
  }

  private register(wanted: u32): bool {
    const update = new RegisterUpdate(this.vm, wanted, this.limit, monotonicTimeNanos());
    const isStored = this.plugin.sharedData.update(utf8("active"), update) == Stored.Yes;
    const isMade = isStored && !update.isOverLimit;
    if (isStored) show(update, isMade ? wanted : update.seen);
    this.lookAgain(isMade ? wanted : this.count, !isStored || update.others > 0);
    return isMade;
  }

  private lookAgain(own: u32, isUnsettled: bool): void {
    if (own > 0) this.plugin.after(RENEWAL_MS, this);
    else if (isUnsettled) this.plugin.after(LAPSE_MS, this);
    else this.cancel();
  }
}

/** The gauge is what the entries of all VMs say together. */
function show(update: RegisterUpdate, count: u32): void {
  activeFaults.inherit(update.lost);
  activeFaults.subtract(update.lost);
  if (count > update.seen) activeFaults.add(count - update.seen);
  else activeFaults.subtract(update.seen - count);
}
