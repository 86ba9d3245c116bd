import { proxy_grpc_close, proxy_grpc_send, proxy_grpc_stream } from "../abi/imports";
import { resultSlot } from "../abi/memory";
import { BufferType, HeaderMapType } from "../abi/types";
import { readBuffer } from "../buffers";
import { Bytes, utf8 } from "../bytes";
import { Context } from "../contexts";
import { actAsBefore, actFor } from "../effective-context";
import { begin, forget, GrpcExchange } from "./exchanges";
import { GrpcRequest } from "./request";
import { GrpcResult } from "./result";
import { succeeded } from "../host-calls";
import { HttpFields } from "../http-fields";
import { Refused, refuse } from "../refusals";

/**
 * A stream of gRPC messages, in either direction or in both. Extend it with what its callbacks need as fields, and hand it
 * to `openGrpcStream` of an HTTP filter or a plugin; one object serves one stream at a time. The callbacks come in the
 * order in which they stand here, and run in the HTTP stream that asked, which may be answered, resumed and changed in
 * them as far as it is still held; never once that stream is over: the gRPC stream is then cancelled. Those of a
 * plugin's stream run in the plugin. Source: proxy-wasm ABI 0.2.1, `proxy_grpc_stream` and the `proxy_on_grpc_…`
 * callbacks.
 *
 * @category gRPC
 */
export abstract class GrpcStream extends GrpcExchange {
  /** Whether no more messages may be sent. */
  private isHalfClosed: bool = false;
  /** Whether the host has been told by `proxy_grpc_close`, which lets it forget the stream when it ends. */
  private isReleased: bool = false;
  /** Whether the service has ended the stream. */
  private isEnding: bool = false;

  /**
   * The service has begun to answer; no fields when the stream ends without a message, of the service's or at all. The
   * metadata are valid in this callback, to read.
   */
  onInitialMetadata(metadata: HttpFields): void {}

  /** The service has sent a message; the bytes are the filter's own, and may be kept. */
  onMessage(message: Bytes): void {}

  /**
   * The service has ended the stream; no fields when that was for want of it. Nothing may be sent any more. The metadata
   * are valid in this callback, to read.
   */
  onTrailingMetadata(metadata: HttpFields): void {}

  /** The stream is over. One that could not be opened at all has its result before `openGrpcStream` returns. */
  abstract onClosed(result: GrpcResult): void;

  /**
   * Sends a message; with `endOfStream` it is the last one. False, which is logged at error, when the stream is not
   * open, or one of both sides has ended it. Valid in every callback.
   */
  send(message: Bytes, endOfStream: bool = false): bool {
    if (!this.maySend()) return false;
    this.isHalfClosed = endOfStream;
    const before = actFor(this.pluginContextId);
    const status = proxy_grpc_send(this.token, message.start, message.length, endOfStream);
    actAsBefore(before);
    return succeeded(utf8("proxy_grpc_send"), status);
  }

  /** Says that no more messages will be sent; the service answers on until it ends the stream itself. As `send`. */
  close(): void {
    if (this.maySend()) this.release();
  }

  /** For the SDK, as all that follows. @internal */
  get refusedAs(): Refused {
    return Refused.GrpcStream;
  }

  /** For the SDK. @internal */
  askHost(request: GrpcRequest, grpcService: Bytes, metadata: Bytes): bool {
    this.isHalfClosed = false;
    this.isReleased = false;
    this.isEnding = false;
    const service = request.service;
    const method = request.method;
    const status = proxy_grpc_stream(
      grpcService.start,
      grpcService.length,
      service.start,
      service.length,
      method.start,
      method.length,
      metadata.start,
      metadata.length,
      resultSlot(),
    );
    return succeeded(utf8("proxy_grpc_stream"), status);
  }

  /** For the SDK. @internal */
  dispatchUnsent(): void {
    this.onClosed(GrpcResult.notSent());
  }

  /** For the SDK. @internal */
  dispatchInitialMetadata(fieldCount: i32): void {
    if (fieldCount == 0) this.isEnding = true; // and it stays so, whatever follows
    this.onInitialMetadata(new HttpFields(HeaderMapType.GrpcReceiveInitialMetadata));
  }

  /** For the SDK. @internal */
  dispatchMessage(length: i32): void {
    this.onMessage(readBuffer(BufferType.GrpcReceiveBuffer, 0, length));
  }

  /** For the SDK. @internal */
  dispatchTrailingMetadata(): void {
    this.isEnding = true;
    this.onTrailingMetadata(new HttpFields(HeaderMapType.GrpcReceiveTrailingMetadata));
  }

  /** For the SDK. @internal */
  dispatchClose(status: i32): void {
    if (!this.isReleased) this.release();
    forget(this);
    this.onClosed(GrpcResult.closed(status));
  }

  /** Envoy 1.40 keeps a stream that both sides have ended until this was called, and not after a last message alone. */
  private release(): void {
    this.isHalfClosed = true;
    this.isReleased = true;
    const before = actFor(this.pluginContextId);
    succeeded(utf8("proxy_grpc_close"), proxy_grpc_close(this.token));
    actAsBefore(before);
  }

  /** What is sent to a service that has ended the stream makes Envoy 1.40 put status 13 in the place of the service's. */
  private maySend(): bool {
    const name = utf8("a gRPC message");
    if (!this.isOpen)
      return refuse(Refused.GrpcMessage, name, utf8("the stream is not open: see openGrpcStream"));
    if (this.isEnding)
      return refuse(Refused.GrpcMessage, name, utf8("the service has ended the stream: open a new one"));
    return (
      !this.isHalfClosed ||
      refuse(Refused.GrpcMessage, name, utf8("the filter has ended the stream: open a new one"))
    );
  }
}

/** Opens a stream for an HTTP stream, or for a plugin; see `HttpFilter.openGrpcStream`. */
export function beginGrpcStream(stream: Context | null, request: GrpcRequest, handler: GrpcStream): bool {
  return begin(handler, stream, request);
}
