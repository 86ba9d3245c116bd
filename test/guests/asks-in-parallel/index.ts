import {
  Action,
  Bytes,
  Configuration,
  HttpCall,
  HttpCallRequest,
  HttpCallResult,
  HttpFilter,
  httpFilter,
  JsonObject,
  RequestHeaders,
  utf8,
} from "as-proxy-wasm";

const PATIENT_MS = 20_000;

/** `{ "prices_ms" }`: how long it waits for the prices. */
class Patience extends Configuration {
  pricesMs: u32 = PATIENT_MS;

  read(json: JsonObject): void {
    this.pricesMs = <u32>json.integerOr("prices_ms", 1, PATIENT_MS, PATIENT_MS);
  }
}

/** Asks two services at once and tells the upstream what each of them said, as soon as both have. */
@httpFilter("asks-in-parallel")
export class AsksInParallel extends HttpFilter<Patience> {
  private awaited: i32 = 2;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.ask(utf8("prices"), utf8("x-price"), this.config.pricesMs);
    this.ask(utf8("stocks"), utf8("x-stock"), PATIENT_MS);
    return Action.Pause;
  }

  /** One of the services has answered, or will not. */
  learn(header: Bytes, answer: Bytes): void {
    this.requestHeaders.set(header, answer);
    if (--this.awaited == 0) this.resumeRequest();
  }

  private ask(service: Bytes, header: Bytes, timeoutMs: u32): void {
    const request = new HttpCallRequest(service, utf8("/"));
    request.timeoutMs = timeoutMs;
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
