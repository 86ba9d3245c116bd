import {
  Action,
  Body,
  Configuration,
  HttpFilter,
  httpFilter,
  JsonObject,
  RequestHeaders,
  ResponseHeaders,
} from "as-proxy-wasm";

enum In {
  RequestHeaders,
  ResponseHeaders,
  RequestBody,
  Log,
}

class TrapConfiguration extends Configuration {
  in: In = In.RequestHeaders;
  isAbort: bool = false;

  read(json: JsonObject): void {
    this.in = json.oneOf("in", ["request_headers", "response_headers", "request_body", "log"]);
    this.isAbort = json.oneOf("how", ["unreachable", "abort"]) == 1;
  }
}

/** Traps in the callback that its configuration names. */
@httpFilter("traps")
export class Traps extends HttpFilter<TrapConfiguration> {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.trapIn(In.RequestHeaders);
    return Action.Continue;
  }

  onRequestBody(body: Body, endOfStream: bool): Action {
    this.trapIn(In.RequestBody);
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    this.trapIn(In.ResponseHeaders);
    return Action.Continue;
  }

  onLog(): void {
    this.trapIn(In.Log);
  }

  private trapIn(callback: In): void {
    if (callback != this.config.in) return;
    if (this.config.isAbort) readOutOfBounds([1, 2, 3]);
    else unreachable();
  }
}

function readOutOfBounds(numbers: i32[]): i32 {
  return numbers[numbers.length];
}
