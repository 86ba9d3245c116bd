import {
  Action,
  HttpFilter,
  httpFilter,
  ReplyOptions,
  RequestHeaders,
  ResponseHeaders,
  utf8,
} from "as-proxy-wasm";
import { KeyList } from "../key-list";

/** Lets requests pass that carry one of the configured keys, and tells the upstream which. */
@httpFilter("bench")
export class Authz extends HttpFilter<KeyList> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const path = headers.get(utf8(":path"));
    const method = headers.get(utf8(":method"));
    if (method !== null && method.equals(utf8("OPTIONS"))) return Action.Continue;
    if (path !== null && path.startsWith(utf8("/public/"))) return Action.Continue;
    const key = headers.get(utf8("x-api-key"));
    if (key === null || !this.config.has(key)) return this.refuse();
    headers.add(utf8("x-authz"), utf8("allowed"));
    headers.add(utf8("x-authz-key"), key);
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    headers.add(utf8("x-authz-by"), utf8("wasm"));
    return Action.Continue;
  }

  private refuse(): Action {
    const options = new ReplyOptions();
    options.body = utf8("unauthorized\n");
    return this.respond(401, "unauthorized", options);
  }
}
