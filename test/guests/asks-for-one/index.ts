import {
  Action,
  Bytes,
  Configuration,
  HttpFilter,
  httpFilter,
  JsonObject,
  log,
  RequestHeaders,
  ResponseHeaders,
  utf8,
} from "as-proxy-wasm";

/** `{ "name" }`: of the header. */
class AskConfiguration extends Configuration {
  name: Bytes = Bytes.EMPTY;

  read(json: JsonObject): void {
    this.name = json.bytesOr("name", utf8("X-A"));
  }
}

/** Looks at one header of the request, and at one of the response. */
@httpFilter("asks-for-one")
export class AsksForOne extends HttpFilter<AskConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    log.info("request: " + said(headers.get(this.config.name)));
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    log.info("response: " + said(headers.get(this.config.name)));
    return Action.Continue;
  }

  onLog(): void {
    log.info("log: " + said(this.requestHeaders.get(this.config.name)));
  }
}

function said(value: Bytes | null): string {
  return value === null ? "absent" : '"' + value.toString() + '"';
}
