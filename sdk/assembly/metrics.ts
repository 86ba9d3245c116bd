import { proxy_define_metric, proxy_increment_metric } from "./abi/imports";
import { resultNumber, resultSlot } from "./abi/memory";
import { MetricType } from "./abi/types";
import { Bytes } from "./bytes";
import { Callback, runningCallback } from "./callbacks";
import { Definition, defineLater } from "./definitions";
import { succeeded } from "./host-calls";

/**
 * A number that only grows, summed over all VMs of the process; Envoy shows it as `wasmcustom.<name>`. It is there from
 * the plugin's configuration on, with 0. Keep it as a constant of the file that counts: to make one in each request
 * would define it anew each time.
 */
export class Counter extends Definition {
  private id: u32 = 0;
  private isDefined: bool = false;

  /** Names the counter; in snake_case with dots, as Envoy's own: `header_authz.denied`. */
  constructor(
    /** Its name, without the host's prefix. */
    readonly name: string,
  ) {
    super();
    if (runningCallback() == Callback.None) defineLater(this);
    else this.define();
  }

  /** Counts further; 0 changes nothing. Valid in every callback. */
  increment(by: u32 = 1): void {
    if (by == 0 || !this.isDefined) return;
    succeeded("proxy_increment_metric", proxy_increment_metric(this.id, by));
  }

  /** For the SDK: makes the counter known to the host. */
  define(): void {
    const name = Bytes.fromString(this.name);
    const status = proxy_define_metric(MetricType.Counter, name.start, name.length, resultSlot());
    this.isDefined = succeeded("proxy_define_metric", status);
    this.id = resultNumber<u32>();
  }
}
