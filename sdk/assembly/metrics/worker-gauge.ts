import { Bytes, utf8 } from "../bytes";
import { encodeLabel } from "./label-values";
import { Gauge } from "../metrics";
import { getProperty } from "../properties";
import { findWorker, leaveThread, WorkerListener } from "../workers";

// Lazy, so that modules without such a gauge contain nothing of it.
// @ts-ignore: decorator
@lazy
let latest: WorkerGauge | null = null;

/** The last plugin of the VM has ended: its gauges stay as they are, and the thread's number is given back. */
export function endWorkerGauges(): void {
  latest = null;
  leaveThread();
}

/**
 * How many there are now of what begins and ends in callbacks, streams for instance: a series for each worker thread, with
 * the label `worker`, and the sum over them is what there is. A VM that is lost after a trap leaves nothing behind: the one
 * that comes in its place under `FAIL_RELOAD` counts from 0 again. For that each VM finds its thread, some turns of it after
 * the plugin is configured, and shows then what it has counted so far. A VM whose last plugin ends, as after an update of the
 * module, leaves its number to a later one; a VM that nobody replaces after a trap keeps it until Envoy ends. Source:
 * proxy-wasm ABI 0.2.1, "Metrics".
 *
 * @category Metrics
 */
export class WorkerGauge extends WorkerListener {
  private readonly before: WorkerGauge | null = latest;
  private readonly vmId: Bytes | null;
  private count: u64 = 0;
  private gauge: Gauge | null = null;

  private constructor(
    /** Its name, without label and the host's prefix: `http.active_requests`. */
    readonly name: string,
  ) {
    super();
    this.vmId = getProperty(utf8("plugin_vm_id"));
  }

  /** The gauge of this name, made when there is none: plugins of a VM that name the same one share it. In `onConfigured`. */
  static of(name: string): WorkerGauge {
    let gauge = latest;
    while (gauge !== null && gauge.name != name) gauge = gauge.before;
    if (gauge !== null) return gauge;
    const made = new WorkerGauge(name);
    latest = made;
    findWorker(made);
    return made;
  }

  /** One more. Valid in every callback. */
  add(): void {
    this.count++;
    this.show();
  }

  /** One less, never below 0. Valid in every callback. */
  subtract(): void {
    if (this.count > 0) this.count--;
    this.show();
  }

  /** For the SDK. @internal */
  onWorker(number: i32): void {
    const other = this.gauge;
    if (other !== null) other.set(0);
    this.gauge = new Gauge(this.name + encodeLabel("worker", this.labelOf(number)));
    this.show();
  }

  private show(): void {
    const gauge = this.gauge;
    if (gauge !== null) gauge.set(this.count);
  }

  /** VMs of another vm_id number the threads by themselves. */
  private labelOf(number: i32): Bytes {
    const plain = Bytes.fromInteger(number);
    const vmId = this.vmId;
    return vmId === null || vmId.length == 0 ? plain : vmId.concat(utf8(".")).concat(plain);
  }
}
