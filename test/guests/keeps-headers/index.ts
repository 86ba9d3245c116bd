import { Action, HttpFilter, httpFilter, log, RequestHeaders, Timer, utf8 } from "as-proxy-wasm";

/** Reads the header `x-name` again when a timer lets the request go, by the object that its callback was given. */
@httpFilter("keeps-headers")
export class KeepsHeaders extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.after(5, new Reading(this, headers));
    return Action.Pause;
  }
}

class Reading extends Timer {
  constructor(
    private readonly filter: KeepsHeaders,
    private readonly headers: RequestHeaders,
  ) {
    super();
  }

  onTime(): void {
    const name = this.headers.get(utf8("x-name"));
    log.info(name === null ? "no name" : name.toString());
    this.filter.resumeRequest();
  }
}
