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

export class ApiKeys extends Configuration {
  key: Bytes = Bytes.EMPTY;

  read(json: JsonObject): void {
    this.key = json.bytes("key");
  }
}

@httpFilter("api-key")
export class ApiKey extends HttpFilter<ApiKeys> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    const key = headers.get(utf8("x-api-key"));
    if (key === null) return this.respond(401, "missing_api_key");
    return key.equals(this.config.key) ? Action.Continue : this.respond(403, "unknown_api_key");
  }
}
