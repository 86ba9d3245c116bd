import {
  Action,
  Body,
  HttpFields,
  HttpFilter,
  httpFilter,
  log,
  RequestHeaders,
  RequestTrailers,
  ResponseHeaders,
  ResponseTrailers,
} from "as-proxy-wasm";
import { apply, EditsConfiguration, Where } from "./config";

/** Changes headers and trailers in the callbacks that its configuration names. */
@httpFilter("edits-fields")
export class EditsFields extends HttpFilter<EditsConfiguration> {
  private kept: RequestHeaders | null = null;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.kept = headers;
    return this.edit(headers, Where.RequestHeaders);
  }

  onRequestBody(body: Body, endOfStream: bool): Action {
    return this.addTrailers(body, endOfStream, Where.RequestBody);
  }

  onRequestTrailers(trailers: RequestTrailers): Action {
    return this.edit(trailers, Where.RequestTrailers);
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    const kept = this.kept;
    if (kept !== null) this.edit(kept, Where.RequestHeadersLate);
    return this.edit(headers, Where.ResponseHeaders);
  }

  onResponseBody(body: Body, endOfStream: bool): Action {
    return this.addTrailers(body, endOfStream, Where.ResponseBody);
  }

  onResponseTrailers(trailers: ResponseTrailers): Action {
    return this.edit(trailers, Where.ResponseTrailers);
  }

  onLog(): void {
    const kept = this.kept;
    if (kept !== null) this.edit(kept, Where.Log);
  }

  private edit(fields: HttpFields, where: Where): Action {
    if (this.config.where == where) apply(this.config, fields);
    return Action.Continue;
  }

  private addTrailers(body: Body, endOfStream: bool, where: Where): Action {
    if (this.config.where != where || (this.config.onlyAtEnd && !endOfStream)) return Action.Continue;
    const edits = this.config.edits;
    for (let i = 0; i < edits.length; i++) {
      const isAdded = body.addTrailer(edits[i].name, edits[i].value);
      log.info(isAdded ? "added" : "not added");
    }
    return Action.Continue;
  }
}
