import {
  Action,
  Bytes,
  Configuration,
  HttpFilter,
  httpFilter,
  JsonObject,
  RequestHeaders,
  utf8,
} from "as-proxy-wasm";

/** The value that the filter's header gets. */
class ValueConfiguration extends Configuration {
  value: Bytes = Bytes.EMPTY;

  read(json: JsonObject): void {
    this.value = json.bytes("value");
  }
}


@httpFilter("first")
export class First extends HttpFilter<ValueConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    headers.add(utf8("x-first"), this.config.value);
    return Action.Continue;
  }
}


@httpFilter("second")
export class Second extends HttpFilter<ValueConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    headers.add(utf8("x-second"), this.config.value);
    return Action.Continue;
  }
}
