import {
  Action,
  Bytes,
  Configuration,
  Counter,
  HttpFilter,
  httpFilter,
  JsonObject,
  Plugin,
  RequestHeaders,
  Timer,
  utf8,
} from "as-proxy-wasm";

const configured = new Counter("timers.configured");
const once = new Counter("timers.once");
const repeated = new Counter("timers.repeated");

class TimerConfiguration extends Configuration {
  /** `"every_ms"`: from the start on; 0 for never. */
  everyMs: u32 = 0;

  read(json: JsonObject): void {
    this.everyMs = <u32>json.integerOr("every_ms", 0, 1000, 0);
  }
}

/** Counts, and stops after so many times; 0 for never. */
class Counting extends Timer {
  private times: i32 = 0;

  constructor(
    private readonly counter: Counter,
    private readonly limit: i32 = 0,
  ) {
    super();
  }

  onTime(): void {
    this.counter.increment();
    if (++this.times == this.limit) this.cancel();
  }
}

class TimerPlugin extends Plugin<TimerConfiguration> {
  readonly repeated: Counting = new Counting(repeated);

  onConfigured(): void {
    if (this.config.everyMs > 0) this.every(this.config.everyMs, new Counting(configured));
  }
}

/** Sets timers as the request's headers say: `x-after: 50`, `x-every: 20`, `x-thrice: 20`, `x-cancel`. */
@httpFilter("timers")
export class TimerFilter extends HttpFilter<TimerConfiguration, TimerPlugin> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const after = headers.get(utf8("x-after"));
    if (after !== null) this.plugin.after(numberOf(after), new Counting(once));
    const every = headers.get(utf8("x-every"));
    if (every !== null) this.plugin.every(numberOf(every), this.plugin.repeated);
    const thrice = headers.get(utf8("x-thrice"));
    if (thrice !== null) this.plugin.every(numberOf(thrice), new Counting(repeated, 3));
    if (headers.has(utf8("x-cancel"))) this.plugin.repeated.cancel();
    return Action.Continue;
  }
}

function numberOf(digits: Bytes): u32 {
  return <u32>parseInt(digits.toString());
}
