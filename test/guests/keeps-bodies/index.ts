import {
  Action,
  Body,
  Configuration,
  HttpFilter,
  httpFilter,
  JsonObject,
  log,
  Plugin,
  ResponseHeaders,
  ResponseTrailers,
  Timer,
  utf8,
} from "as-proxy-wasm";

const ACTIONS = ["continue", "pause", "pause_sender"];

enum Touch {
  Trailers,
  Log,
  Timer,
  PluginTimer,
}

const TOUCHES = ["trailers", "log", "timer", "plugin_timer"];

/** `{ "returns", "touch" }` */
class KeepConfiguration extends Configuration {
  /** What the callback returns for each piece of a response's body, of which it keeps the first. */
  returns: Action = Action.Continue;
  /** When the piece is read and changed. */
  touch: Touch = Touch.Trailers;

  read(json: JsonObject): void {
    this.returns = <Action>json.oneOf("returns", ACTIONS);
    this.touch = <Touch>json.oneOf("touch", TOUCHES);
  }
}

/** Keeps what it is given of a response's body, and reads and changes it later. */
@httpFilter("keeps-bodies")
export class KeepsBodies extends HttpFilter<KeepConfiguration, KeepingPlugin> {
  private kept: Body | null = null;

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    this.rewriteResponseBody();
    return Action.Continue;
  }

  onResponseBody(body: Body, endOfStream: bool): Action {
    if (this.kept !== null || body.size == 0) return this.config.returns;
    this.kept = body;
    const touch = this.config.touch;
    if (touch == Touch.Timer) this.after(5, new OnTime(this));
    if (touch == Touch.PluginTimer) this.plugin.after(5, new OnTime(this));
    return this.config.returns;
  }

  onResponseTrailers(trailers: ResponseTrailers): Action {
    if (this.config.touch == Touch.Trailers) this.touch();
    return Action.Continue;
  }

  onLog(): void {
    if (this.config.touch == Touch.Log) this.touch();
  }

  /** Reads what was kept, and changes it. */
  touch(): void {
    const body = this.kept;
    if (body === null) return;
    log.info("kept: " + body.size.toString() + " " + body.read().toString());
    log.info(body.append(utf8("!")) ? "changed" : "unchanged");
  }
}

/** What all streams share: the timers that belong to none. */
class KeepingPlugin extends Plugin<KeepConfiguration> {}

class OnTime extends Timer {
  constructor(private readonly filter: KeepsBodies) {
    super();
  }

  onTime(): void {
    this.filter.touch();
    if (this.filter.config.returns != Action.Continue) this.filter.resumeResponse();
  }
}
