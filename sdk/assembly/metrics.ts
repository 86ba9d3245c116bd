import { proxy_define_metric, proxy_increment_metric, proxy_record_metric } from "./abi/imports";
import { resultNumber, resultSlot } from "./abi/memory";
import { MetricType } from "./abi/types";
import { Bytes, utf8 } from "./bytes";
import { Callback, runningCallback } from "./callbacks";
import { Definition, defineLater } from "./metrics/definitions";
import { succeeded } from "./host-calls";
import { logError } from "./logging";

/**
 * A number that the host keeps for all VMs of the process together; Envoy shows it as `wasmcustom.<name>`. It is there
 * from the plugin's configuration on. Keep it as a constant of the file that counts: each object is defined anew, under
 * a new id, and never freed. Source: proxy-wasm ABI 0.2.1, "Metrics".
 */
export abstract class Metric extends Definition {
  /** For the SDK: the host's number for it. @internal */
  protected id: u32 = 0;
  /** For the SDK: false until the host knows it, and for good when the host refused it. @internal */
  protected isDefined: bool = false;

  /** For the SDK. @internal */
  constructor(
    /** Its name, without the host's prefix; in snake_case with dots, as Envoy's own: `header_authz.denied`. */
    readonly name: string,
    private readonly type: MetricType,
  ) {
    super();
    if (runningCallback() == Callback.None) defineLater(this);
    else this.define();
  }

  /** For the SDK: makes the metric known to the host. @internal */
  define(): void {
    const name = Bytes.fromString(this.name);
    const status = proxy_define_metric(this.type, name.start, name.length, resultSlot());
    this.isDefined = succeeded(utf8("proxy_define_metric"), status);
    this.id = resultNumber<u32>();
  }
}

/**
 * A number that only grows. Counting in `onConfigured` counts once for each of Envoy's VMs, of which there are
 * several. Source: proxy-wasm ABI 0.2.1, "Metrics".
 *
 * @category Metrics
 */
export class Counter extends Metric {
  /** Names the counter; it is there with 0 at once. */
  constructor(name: string) {
    super(name, MetricType.Counter);
  }

  /** Counts further; 0 changes nothing. Valid in every callback. */
  increment(by: u32 = 1): void {
    if (by == 0 || !this.isDefined) return;
    succeeded(utf8("proxy_increment_metric"), proxy_increment_metric(this.id, by));
  }
}

/** How a gauge is used, which its first use decides. */
enum GaugeUse {
  Undecided,
  Counting,
  Setting,
}

/**
 * A number that goes up and down: of what there is now. It either counts, by `add` and `subtract`, so that it is
 * the sum over all VMs; or is set, so that the VM that set it last wins. The host would let it wrap below zero; here
 * a VM takes back no more than it has added, so that the sum cannot, whatever the other VMs do at the same time.
 * Source: proxy-wasm ABI 0.2.1, "Metrics".
 *
 * @category Metrics
 */
export class Gauge extends Metric {
  private use: GaugeUse = GaugeUse.Undecided;
  private added: u64 = 0;
  private hasWarned: bool = false;

  /** Names the gauge; it is there with 0 at once. */
  constructor(name: string) {
    super(name, MetricType.Gauge);
  }

  /** Adds to the sum. Refused, which is logged once at error, for a gauge that is set. Valid in every callback. */
  add(by: u32 = 1): void {
    if (!this.isUsedFor(GaugeUse.Counting) || by == 0) return;
    if (succeeded(utf8("proxy_increment_metric"), proxy_increment_metric(this.id, by))) this.added += by;
  }

  /**
   * Takes back from the sum, at most what this VM has added; that more was asked for is logged once at error. Refused as
   * `add` is. Valid in every callback.
   */
  subtract(by: u32 = 1): void {
    if (!this.isUsedFor(GaugeUse.Counting)) return;
    const possible = min<u64>(by, this.added);
    if (possible < by)
      this.warnOnce(utf8("was to be lowered by more than was added: it stays at what others added"));
    if (possible == 0) return;
    if (succeeded(utf8("proxy_increment_metric"), proxy_increment_metric(this.id, -(<i64>possible))))
      this.added -= possible;
  }

  /**
   * Takes over what another VM has added and cannot take back, for it is lost: the value stays as it is, and this VM may
   * lower it by so much more. Refused as `add` is. Valid in every callback.
   */
  inherit(by: u32): void {
    if (this.isUsedFor(GaugeUse.Counting)) this.added += by;
  }

  /** Makes this the value. Refused, which is logged once at error, for a gauge that counts. Valid in every callback. */
  set(value: u64): void {
    if (!this.isUsedFor(GaugeUse.Setting)) return;
    succeeded(utf8("proxy_record_metric"), proxy_record_metric(this.id, value));
  }

  private isUsedFor(use: GaugeUse): bool {
    if (this.use == GaugeUse.Undecided) this.use = use;
    if (this.use != use) this.warnOnce(utf8("either counts or is set: a call of the other kind was refused"));
    return this.use == use && this.isDefined;
  }

  private warnOnce(what: Bytes): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    logError(Bytes.fromString("gauge " + this.name + " ").concat(what));
  }
}

/**
 * The distribution of what was recorded: of durations, of sizes. The unit is the filter's: say it in the name.
 * Source: proxy-wasm ABI 0.2.1, "Metrics".
 *
 * @category Metrics
 */
export class Histogram extends Metric {
  /** Names the histogram: `auth.duration_ms`. */
  constructor(name: string) {
    super(name, MetricType.Histogram);
  }

  /** Adds a sample. Envoy keeps two significant digits. Valid in every callback. */
  record(value: u64): void {
    if (this.isDefined) succeeded(utf8("proxy_record_metric"), proxy_record_metric(this.id, value));
  }
}
