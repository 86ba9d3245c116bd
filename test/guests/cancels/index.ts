import {
  Action,
  Bytes,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  log,
  RequestHeaders,
  utf8,
} from "as-proxy-wasm";

/** Does with callouts what `x-do` names: `cancel`, `cancel_reuse`, `reuse_in_result`, `cancel_in_result`, `twice` or `insist`. */
@httpFilter("cancels")
export class Cancels extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const asked = headers.get(utf8("x-do"));
    const handler = new Answer(this, asked === null ? "" : asked.toString());
    if (handler.what == "insist") return handler.insist();
    handler.ask(utf8("/first"));
    if (handler.what == "twice") handler.ask(utf8("/second"));
    if (!handler.what.startsWith("cancel") || handler.what.endsWith("in_result")) return Action.Pause;
    handler.cancel();
    handler.cancel();
    log.info("awaited " + handler.isWaiting.toString());
    if (handler.what == "cancel") return Action.Continue;
    handler.ask(utf8("/second"));
    return Action.Pause;
  }
}

class Answer extends HttpCall {
  private rounds: i32 = 0;

  constructor(
    private readonly filter: Cancels,
    readonly what: string,
  ) {
    super();
  }

  ask(path: Bytes): void {
    this.filter.call(new HttpCallRequest(utf8("service"), path), this);
  }

  /** Asks a service that there is not, and again whenever it is told so. */
  insist(): Action {
    this.filter.call(new HttpCallRequest(utf8("nowhere"), utf8("/")), this);
    return Action.Continue;
  }

  onResult(result: HttpCallResult): void {
    if (this.what == "insist") {
      this.insist();
      return;
    }
    log.info("answer " + result.readBody().toString());
    if (this.what == "cancel_in_result") this.cancel();
    if (this.what == "reuse_in_result" && this.rounds++ == 0) this.ask(utf8("/second"));
    else this.filter.resumeRequest();
  }
}
