import {
  Action,
  Bytes,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  RequestHeaders,
  utf8,
} from "as-proxy-wasm";

/** Asks two services at once and tells the upstream what each of them said, as soon as both have. */
@httpFilter("asks-in-parallel")
export class AsksInParallel extends HttpFilter {
  private awaited: i32 = 2;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.ask(utf8("prices"), utf8("x-price"));
    this.ask(utf8("stocks"), utf8("x-stock"));
    return Action.Pause;
  }

  /** One of the services has answered, or will not. */
  learn(header: Bytes, answer: Bytes): void {
    this.requestHeaders.set(header, answer);
    if (--this.awaited == 0) this.resumeRequest();
  }

  private ask(service: Bytes, header: Bytes): void {
    const request = new HttpCallRequest(service, utf8("/"));
    request.timeoutMs = 200;
    this.call(request, new Answer(this, header));
  }
}

/** What one service says; it goes into one header. */
class Answer extends HttpCall {
  constructor(
    private readonly filter: AsksInParallel,
    private readonly header: Bytes,
  ) {
    super();
  }

  onResult(result: HttpCallResult): void {
    this.filter.learn(this.header, result.isAnswered ? result.readBody() : utf8("unknown"));
  }
}
