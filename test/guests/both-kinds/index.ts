import {
  Action,
  HttpFilter,
  httpFilter,
  log,
  NetworkData,
  NetworkFilter,
  networkFilter,
  RequestHeaders,
} from "as-proxy-wasm";

/** For the HTTP filters of a listener. */
@httpFilter("web")
export class Web extends HttpFilter {
  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    log.info("a request");
    return Action.Continue;
  }
}

/** For the network filters of a listener. */
@networkFilter("wire")
export class Wire extends NetworkFilter {
  onDownstreamData(data: NetworkData, endOfStream: bool): Action {
    log.info("bytes of a client");
    return Action.Continue;
  }
}
