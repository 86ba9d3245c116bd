import { proxy_grpc_call } from "../abi/imports";
import { resultSlot } from "../abi/memory";
import { BufferType } from "../abi/types";
import { readBuffer } from "../buffers";
import { Context } from "../contexts";
import { begin, forget, GrpcExchange } from "./exchanges";
import { GrpcRequest } from "./request";
import { GrpcResult } from "./result";
import { succeeded } from "../host-calls";
import { Refused } from "../refusals";
import { Bytes, utf8 } from "../bytes";

/**
 * What is to be done with the answer to a gRPC call: one message, or a status that says why there is none. Extend it with
 * what `onResult` needs as fields, and hand it to `callGrpc` of an HTTP filter or a plugin; one object serves one call
 * at a time. The metadata of an answer are not there to be read: the host keeps them to itself. A stream has them.
 * Source: proxy-wasm ABI 0.2.1, `proxy_grpc_call`, `proxy_on_grpc_receive` and `proxy_on_grpc_close`.
 *
 * @category gRPC
 */
export abstract class GrpcCall extends GrpcExchange {
  /**
   * The answer is there, or it is clear that none will come. Runs in the stream that asked, which may be answered, resumed
   * and changed here as far as it is still held, and never once that stream is over: the call is then cancelled. A call
   * that could not be sent at all has its result before `callGrpc` returns. Of a plugin's call it runs in the plugin.
   */
  abstract onResult(result: GrpcResult): void;

  /** For the SDK, as all that follows. @internal */
  get refusedAs(): Refused {
    return Refused.GrpcCall;
  }

  /** For the SDK. @internal */
  askHost(request: GrpcRequest, grpcService: Bytes, metadata: Bytes): bool {
    const service = request.service;
    const method = request.method;
    const message = request.message;
    const status = proxy_grpc_call(
      grpcService.start,
      grpcService.length,
      service.start,
      service.length,
      method.start,
      method.length,
      metadata.start,
      metadata.length,
      message.start,
      message.length,
      max(request.timeoutMs, 1),
      resultSlot(),
    );
    return succeeded(utf8("proxy_grpc_call"), status);
  }

  /** For the SDK. @internal */
  dispatchUnsent(): void {
    this.onResult(GrpcResult.notSent());
  }

  /** For the SDK. @internal */
  dispatchInitialMetadata(fieldCount: i32): void {}

  /** For the SDK. @internal */
  dispatchMessage(length: i32): void {
    forget(this);
    this.onResult(GrpcResult.answered(readBuffer(BufferType.GrpcReceiveBuffer, 0, length)));
  }

  /** For the SDK. @internal */
  dispatchTrailingMetadata(): void {}

  /** For the SDK. @internal */
  dispatchClose(status: i32): void {
    forget(this);
    this.onResult(GrpcResult.closed(status));
  }
}

/** Makes a call for a stream, or for a plugin; see `HttpFilter.callGrpc`. */
export function sendGrpcCall(stream: Context | null, request: GrpcRequest, call: GrpcCall): void {
  begin(call, stream, request);
}
