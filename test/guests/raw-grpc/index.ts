import {
  Action,
  Bytes,
  Configuration,
  HttpFilter,
  httpFilter,
  JsonArray,
  JsonObject,
  log,
  ProtobufWriter,
  RequestHeaders,
  ResponseHeaders,
  utf8,
} from "as-proxy-wasm";
import {
  proxy_grpc_call,
  proxy_grpc_cancel,
  proxy_grpc_close,
  proxy_grpc_send,
  proxy_grpc_stream,
} from "as-proxy-wasm/assembly/abi/imports";
import { resultNumber, resultSlot } from "as-proxy-wasm/assembly/abi/memory";

/** `{ "service", "request", "response" }`: the calls by the callback in which they are made. */
class RawConfiguration extends Configuration {
  service: Bytes = Bytes.EMPTY;
  request: string[] = [];
  response: string[] = [];

  read(json: JsonObject): void {
    const greeter = new ProtobufWriter().bytes(1, utf8("greeter"));
    const encoded = new ProtobufWriter().message(1, greeter).finish();
    this.service = json.bytesOr("service", encoded);
    this.request = texts(json.arrayOrEmpty("request"));
    this.response = texts(json.arrayOrEmpty("response"));
  }
}

function texts(json: JsonArray): string[] {
  const all: string[] = [];
  for (let i = 0; i < json.length; i++) all.push(json.string(i));
  return all;
}

/** Makes host calls that the SDK never makes, and logs what the host answers. */
@httpFilter("raw-grpc")
export class RawGrpc extends HttpFilter<RawConfiguration> {
  private token: u32 = 0;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.makeAll(this.config.request);
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    this.makeAll(this.config.response);
    return Action.Continue;
  }

  private makeAll(calls: string[]): void {
    for (let i = 0; i < calls.length; i++) {
      const status = this.make(calls[i]);
      log.info(calls[i] + ": " + status.toString() + ", token " + this.token.toString());
    }
  }

  private make(call: string): i32 {
    if (call == "call") return this.beginCall();
    if (call == "stream") return this.beginStream();
    if (call == "send") return proxy_grpc_send(this.token, 0, 0, false);
    if (call == "send last") return proxy_grpc_send(this.token, 0, 0, true);
    if (call == "close") return proxy_grpc_close(this.token);
    if (call == "cancel") return proxy_grpc_cancel(this.token);
    if (call == "next token") return <i32>(this.token += 4);
    if (call == "http token") return <i32>(this.token = 4);
    return -1;
  }

  private beginCall(): i32 {
    const service = this.config.service;
    const name = utf8("pkg.Greeter");
    const method = utf8("Greet");
    const status = proxy_grpc_call(
      service.start,
      service.length,
      name.start,
      name.length,
      method.start,
      method.length,
      0,
      0,
      0,
      0,
      1_000,
      resultSlot(),
    );
    this.token = resultNumber<u32>();
    return status;
  }

  private beginStream(): i32 {
    const service = this.config.service;
    const name = utf8("pkg.Greeter");
    const method = utf8("Chat");
    const status = proxy_grpc_stream(
      service.start,
      service.length,
      name.start,
      name.length,
      method.start,
      method.length,
      0,
      0,
      resultSlot(),
    );
    this.token = resultNumber<u32>();
    return status;
  }
}
