import { Bytes, integerAt, properties, utf8 } from "as-proxy-wasm";
import { Label } from "./label";
import { flagNames } from "./response-flags";

const NANOS_PER_MS = 1_000_000;

/** What Envoy knows of a stream that is over, read in `onLog`. */
export class EndedStream {
  /** The status that was sent to the client; 0 when there was none. */
  readonly code: i64 = properties.response.codeOr(0);
  readonly flags: i64 = properties.response.flagsOr(0);
  /** -1 for a stream that is not of gRPC. */
  readonly grpcStatus: i64;

  constructor(readonly isGrpc: bool) {
    this.grpcStatus = isGrpc ? properties.response.grpcStatusOr(-1) : -1;
  }

  get durationMs(): i64 {
    return properties.request.durationNanosOr(0) / NANOS_PER_MS;
  }

  /** What came of the request's body. */
  get requestBytes(): i64 {
    const headers = integerAt(utf8("request\0headers_bytes"), 0);
    return max<i64>(properties.request.totalSizeOr(headers) - headers, 0);
  }

  /** What was sent of the response's body. */
  get responseBytes(): i64 {
    return properties.response.sizeOr(0);
  }

  /** The value of a label that is known when the stream is over. */
  valueOf(label: Label): Bytes {
    const value = this.known(label);
    return value === null ? Bytes.EMPTY : value;
  }

  private known(label: Label): Bytes | null {
    switch (label) {
      case Label.Route:
        return properties.xds.routeName();
      case Label.VirtualHost:
        return properties.xds.virtualHostName();
      case Label.Cluster:
        return properties.xds.clusterName();
      case Label.ResponseCode:
        return Bytes.fromInteger(this.code);
      case Label.ResponseCodeClass:
        return this.codeClass;
      case Label.ResponseFlags:
        return flagNames(this.flags);
      case Label.GrpcResponseStatus:
        return this.grpcStatus < 0 ? Bytes.EMPTY : Bytes.fromInteger(this.grpcStatus);
      case Label.RequestProtocol:
        return properties.request.protocol();
      default:
        return properties.connection.peerUriSan();
    }
  }

  private get codeClass(): Bytes {
    if (this.code < 100 || this.code > 599) return utf8("none");
    return Bytes.fromInteger(this.code / 100).concat(utf8("xx"));
  }
}
