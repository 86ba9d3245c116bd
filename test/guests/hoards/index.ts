import {
  Action,
  Configuration,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  JsonObject,
  log,
  Plugin,
  RequestHeaders,
  Timer,
  utf8,
} from "as-proxy-wasm";

const WAYS = ["call", "cancelled_call", "plugin_call", "timer", "cancelled_timer", "ticker"];

enum Way {
  Call,
  CancelledCall,
  PluginCall,
  Timer,
  CancelledTimer,
  Ticker,
}

/** `{ "way" }` */
class HoardConfiguration extends Configuration {
  way: i32 = 0;

  read(json: JsonObject): void {
    this.way = json.oneOf("way", WAYS);
  }
}

/** Waits in vain, with every stream that is already over; a request to /pages logs how large the memory is. */
@httpFilter("hoards")
export class Hoards extends HttpFilter<HoardConfiguration, Plugin<HoardConfiguration>> {
  private readonly timer: Never = new Never();

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const way = this.config.way;
    const request = new HttpCallRequest(utf8("service"), utf8("/"));
    const handler = new Unheard();
    if (headers.has(utf8("x-pages"))) log.info(memory.size().toString());
    else if (way == Way.PluginCall) this.plugin.call(request, handler);
    else if (way == Way.Ticker) this.every(500, this.timer);
    else if (way >= Way.Timer) this.after(500, this.timer);
    else this.call(request, handler);
    if (way == Way.CancelledCall) handler.cancel();
    return Action.Continue;
  }

  onDone(): void {
    if (this.config.way == Way.CancelledTimer) this.timer.cancel();
  }
}

class Never extends Timer {
  onTime(): void {
    log.error("a timer of a stream that is over");
  }
}

class Unheard extends HttpCall {
  onResult(result: HttpCallResult): void {}
}
