import { Action, Body, HttpFilter, httpFilter, log, RequestHeaders, ResponseHeaders } from "as-proxy-wasm";
import { BodyEdit, EditsConfiguration, Mode } from "./config";

/** Looks at the bodies of requests and responses, and changes them, as its configuration says. */
@httpFilter("edits-bodies")
export class EditsBodies extends HttpFilter<EditsConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const edit = this.config.request;
    if (edit.mode == Mode.Rewrite) this.rewriteRequestBody();
    if (edit.mode == Mode.Whole) this.bufferRequestBody(edit.limit, edit.overLimit);
    return Action.Continue;
  }

  onRequestBody(body: Body, endOfStream: bool): Action {
    return show("request", body, endOfStream, this.config.request);
  }

  onWholeRequestBody(body: Body): Action {
    return show("whole request", body, true, this.config.request);
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    const edit = this.config.response;
    if (edit.mode == Mode.Rewrite) this.rewriteResponseBody();
    if (edit.mode == Mode.Cut) this.cutResponseBody();
    if (edit.mode == Mode.Whole) this.bufferResponseBody(edit.limit, edit.overLimit);
    return Action.Continue;
  }

  onResponseBody(body: Body, endOfStream: bool): Action {
    return show("response", body, endOfStream, this.config.response);
  }

  onWholeResponseBody(body: Body): Action {
    return show("whole response", body, true, this.config.response);
  }
}

function show(what: string, body: Body, endOfStream: bool, edit: BodyEdit): Action {
  log.info(what + " of " + body.size.toString() + (endOfStream ? ", the end" : ""));
  if (endOfStream || !edit.isAtEnd) edit.apply(body);
  if (edit.isSenderHeld && !endOfStream) return Action.PauseSender;
  return edit.isHolding && !endOfStream ? Action.Pause : Action.Continue;
}
