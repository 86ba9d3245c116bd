import {
  Action,
  Bytes,
  Configuration,
  HttpFilter,
  httpFilter,
  JsonObject,
  log,
  Plugin,
  RequestHeaders,
  Shutdown,
  Timer,
  utf8,
} from "as-proxy-wasm";

class EndingConfiguration extends Configuration {
  name: string = "";
  /** How long it takes to end; 0 for no time. */
  afterMs: u32 = 0;

  read(json: JsonObject): void {
    this.name = json.string("name");
    this.afterMs = <u32>json.integerOr("after_ms", 0, 60_000, 0);
  }
}

class Ending extends Timer {
  constructor(private readonly plugin: EndingPlugin) {
    super();
  }

  onTime(): void {
    this.plugin.finish();
  }
}

class EndingPlugin extends Plugin<EndingConfiguration> {
  onDone(): Shutdown {
    const name = this.config.name;
    const afterMs = this.config.afterMs;
    log.info(name + " is to end");
    if (afterMs == 0) return Shutdown.Now;
    this.after(afterMs, new Ending(this));
    return Shutdown.Later;
  }

  finish(): void {
    log.info(this.config.name + (this.done() ? " has ended" : " was not to end"));
    log.info(this.config.name + (this.done() ? " ends twice" : " ends once"));
  }
}

/** A plugin that ends at once or later; `x-done` asks it to end when it is not to. */
@httpFilter("ends-later")
export class EndsLater extends HttpFilter<EndingConfiguration, EndingPlugin> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    headers.set(utf8("x-name"), Bytes.fromString(this.config.name));
    if (headers.has(utf8("x-done"))) this.plugin.finish();
    return Action.Continue;
  }

  onDone(): void {
    log.info("a stream of " + this.config.name + " ends");
  }
}
