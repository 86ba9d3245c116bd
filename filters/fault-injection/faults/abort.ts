import { Bytes, isHeaderName, isHeaderValue, JsonArray, JsonObject, ReplyOptions } from "as-proxy-wasm";
import { httpStatusOf } from "./grpc-status";

const KINDS = ["http_status", "grpc_status"];
const NO_GRPC_STATUS = -1;

/** An answer in the place of the upstream's. */
export class Abort {
  private constructor(
    readonly httpStatus: i32,
    private readonly grpcStatus: i32,
  ) {}

  private body: Bytes = Bytes.EMPTY;
  private readonly names: Bytes[] = [];
  private readonly values: Bytes[] = [];

  /** By an HTTP status, 200 to 599; Envoy gives gRPC requests the gRPC status that it stands for. */
  static http(status: i32): Abort {
    return new Abort(status, NO_GRPC_STATUS);
  }

  /** By a gRPC status, 0 to 16; other requests get the HTTP status that it stands for. */
  static grpc(status: i32): Abort {
    return new Abort(httpStatusOf(status), status);
  }

  /** Reads the abort of a rule. */
  static read(json: JsonObject): Abort {
    const isGrpc = json.oneKeyOf(KINDS) == 1;
    const abort = isGrpc
      ? Abort.grpc(<i32>json.integer("grpc_status", 0, 16))
      : Abort.http(<i32>json.integer("http_status", 200, 599));
    abort.body = json.bytesOr("body", Bytes.EMPTY);
    abort.readHeaders(json.arrayOrEmpty("headers"));
    return abort;
  }

  /** What the reply carries beside its status. */
  replyOptions(): ReplyOptions {
    const options = new ReplyOptions();
    options.body = this.body;
    options.grpcStatus = this.grpcStatus;
    for (let i = 0; i < this.names.length; i++) options.addHeader(this.names[i], this.values[i]);
    return options;
  }

  private readHeaders(headers: JsonArray): void {
    for (let i = 0; i < headers.length; i++) {
      const header = headers.object(i);
      const name = header.bytes("name");
      const value = header.bytes("value");
      if (!isHeaderName(name) || name.startsWith(Bytes.fromString(":")))
        header.refuse("name", "must be the name of a header");
      if (!isHeaderValue(value)) header.refuse("value", "must not hold CR, LF or NUL");
      this.names.push(name);
      this.values.push(value);
    }
  }
}
