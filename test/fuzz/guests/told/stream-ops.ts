import {
  Bytes,
  HttpCall,
  HttpCallOutcome,
  HttpCallRequest,
  HttpCallResult,
  OverLimit,
  ReplyOptions,
} from "as-proxy-wasm";
import { allOf } from "./field-ops";
import { timerOf } from "./plugin-ops";
import { Told } from "./index";
import { Script } from "./script";

enum StreamOp {
  RewriteRequest,
  RewriteResponse,
  BufferRequest,
  BufferResponse,
  ResumeRequest,
  ResumeResponse,
  Respond,
  Close,
  Call,
  CancelCall,
  After,
  Every,
}

export function runStreamOp(script: Script, filter: Told): void {
  steer(script, filter);
  script.sayText("done");
}

function steer(script: Script, filter: Told): void {
  switch (script.code()) {
    case StreamOp.RewriteRequest:
      return filter.rewriteRequestBody();
    case StreamOp.RewriteResponse:
      return filter.rewriteResponseBody();
    case StreamOp.BufferRequest:
      return filter.bufferRequestBody(script.int(), overLimit(script));
    case StreamOp.BufferResponse:
      return filter.bufferResponseBody(script.int(), overLimit(script));
    case StreamOp.ResumeRequest:
      return filter.resumeRequest();
    case StreamOp.ResumeResponse:
      return filter.resumeResponse();
    case StreamOp.Respond:
      return respond(script, filter);
    case StreamOp.Close:
      filter.close();
      return;
    case StreamOp.Call:
      return call(script, filter);
    case StreamOp.After:
      return filter.after(script.int(), timerOf(script, filter.plugin));
    case StreamOp.Every:
      return filter.every(script.int(), timerOf(script, filter.plugin));
    default: {
      const last = filter.lastCall;
      if (last !== null) last.cancel();
    }
  }
}

function overLimit(script: Script): OverLimit {
  return script.flag() ? OverLimit.Refuse : OverLimit.PassOn;
}

function respond(script: Script, filter: Told): void {
  const status = script.int();
  const details = script.text8();
  if (script.flag()) {
    filter.respond(status, details);
    return;
  }
  const options = new ReplyOptions();
  options.body = script.bytes();
  options.grpcStatus = script.int();
  const items = script.list();
  for (let i = 0; i + 1 < items.length; i += 2) options.addHeader(items[i], items[i + 1]);
  filter.respond(status, details, options);
}

function call(script: Script, filter: Told): void {
  const request = new HttpCallRequest(script.bytes(), script.bytes());
  request.method = script.bytes();
  request.body = script.bytes();
  request.timeoutMs = script.int();
  script.addTo(request.headers);
  script.addTo(request.trailers);
  const isAgain = script.flag();
  const isOfPlugin = script.flag();
  const isInsistent = script.flag();
  const then = script.script();
  const last = filter.lastCall;
  const insistence = isInsistent ? request : null;
  const handler = isAgain && last !== null ? last : new ToldCall(filter, then, isOfPlugin, insistence);
  filter.lastCall = handler;
  handler.ask(request);
}

/** Reports the answer to a callout, and does, once, as it was told before. */
export class ToldCall extends HttpCall {
  constructor(
    private readonly filter: Told,
    private then: Bytes,
    private readonly isOfPlugin: bool,
    /** Asked again whenever it could not be sent. */
    private readonly insistence: HttpCallRequest | null,
  ) {
    super();
  }

  ask(request: HttpCallRequest): void {
    if (this.isOfPlugin) this.filter.plugin.call(request, this);
    else this.filter.call(request, this);
  }

  onResult(result: HttpCallResult): void {
    const insistence = this.insistence;
    if (insistence !== null && result.outcome == HttpCallOutcome.NotSent) this.ask(insistence);
    const script = new Script(this.then);
    this.then = Bytes.EMPTY;
    if (!script.next()) return;
    const all = allOf(result.headers).concat(allOf(result.trailers));
    all.push(Bytes.fromInteger(result.outcome));
    all.push(Bytes.fromInteger(result.status));
    all.push(Bytes.fromInteger(result.bodySize));
    all.push(result.readBody());
    all.push(result.readBody(script.int(), script.int()));
    script.sayAll(all);
    this.filter.run(script, null);
  }
}
