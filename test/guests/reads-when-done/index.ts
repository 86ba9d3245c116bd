import { Action, HttpFilter, httpFilter, log, ResponseHeaders, utf8 } from "as-proxy-wasm";

/** Replaces each response, and looks at its headers when the stream is over. */
@httpFilter("reads-when-done")
export class ReadsWhenDone extends HttpFilter {
  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    return this.respond(502, "replaced");
  }

  onDone(): void {
    const value = this.responseHeaders.get(utf8("x-a"));
    this.responseHeaders.set(utf8("x-a"), utf8("c"));
    log.info(
      "done: " + this.responseHeaders.size.toString() + (value === null ? "" : " " + value.toString()),
    );
  }
}
