import { Action, Body, HttpFilter, httpFilter, log, RequestHeaders, RequestTrailers } from "as-proxy-wasm";

/** Pauses each request whose whole body it wants, and resumes it when the trailers are there. */
@httpFilter("resumes-at-trailers")
export class ResumesAtTrailers extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.bufferRequestBody(1_000);
    return Action.Pause;
  }

  onRequestTrailers(trailers: RequestTrailers): Action {
    this.resumeRequest();
    return Action.Continue;
  }

  onWholeRequestBody(body: Body): Action {
    log.info("whole: " + body.read().toString());
    return Action.Continue;
  }
}
