import {
  Action,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  log,
  NetworkFilter,
  networkFilter,
  properties,
  utf8,
} from "as-proxy-wasm";

/** Asks a service about each client before the upstream hears of it. */
@networkFilter("checks-connections")
export class ChecksConnections extends NetworkFilter {
  onNewConnection(): Action {
    const request = new HttpCallRequest(utf8("service"), utf8("/check"));
    const address = properties.source.address();
    if (address !== null) request.headers.add(utf8("x-client"), address);
    this.call(request, new Verdict(this));
    return Action.Pause;
  }
}

class Verdict extends HttpCall {
  constructor(private readonly filter: ChecksConnections) {
    super();
  }

  onResult(result: HttpCallResult): void {
    if (result.status == 200) return this.filter.resumeDownstream();
    log.warn("a client was refused");
    this.filter.closeDownstream();
  }
}
