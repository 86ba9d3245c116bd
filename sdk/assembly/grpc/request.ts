import { Bytes, utf8 } from "../bytes";
import { FieldList } from "../http-fields/field-list";
import { logError } from "../logging";
import { ProtobufReader } from "../protobuf/reader";
import { ProtobufWriter } from "../protobuf/writer";

/** How long an answer is awaited unless the filter says otherwise. */
const DEFAULT_TIMEOUT_MS: u32 = 1_000;

// Field numbers of envoy.config.core.v3.GrpcService and its EnvoyGrpc.
const ENVOY_GRPC: u32 = 1;
const GOOGLE_GRPC: u32 = 2;
const CLUSTER_NAME: u32 = 1;

/**
 * A call of a gRPC method, or a stream of one, of a service that Envoy knows as a cluster, which must speak HTTP/2.
 * Source: proxy-wasm ABI 0.2.1, `proxy_grpc_call` and `proxy_grpc_stream`; Envoy, `envoy.config.core.v3.GrpcService`.
 *
 * @category gRPC
 */
export class GrpcRequest {
  /** The message of a call in its binary form; a stream sends its own. */
  message: Bytes = Bytes.EMPTY;
  /** How long the answer to a call may take, in milliseconds; at least 1. A stream may take as long as it lives. */
  timeoutMs: u32 = DEFAULT_TIMEOUT_MS;
  /** The service as a serialised `envoy.config.core.v3.GrpcService`, in place of the cluster's name; it must have a target. */
  grpcService: Bytes | null = null;
  private readonly metadata: FieldList = new FieldList();

  constructor(
    /** The cluster's name in Envoy's configuration. */
    readonly cluster: Bytes,
    /** The service with its package, `helloworld.Greeter`. */
    readonly service: Bytes,
    /** The method, `SayHello`. */
    readonly method: Bytes,
  ) {}

  /**
   * Adds metadata. Refused, which is logged at error, as `FieldList.add` is, and for the names that HTTP/2 and gRPC have
   * for themselves: false then. Envoy sends the value of a name that ends in `-bin` in base64, and one value a name of
   * these.
   */
  addMetadata(name: Bytes, value: Bytes): bool {
    if (!isReserved(name)) return this.metadata.add(name, value);
    logError(
      utf8("metadata ")
        .concat(name)
        .concat(utf8(" was refused: HTTP/2 and gRPC have the name for themselves")),
    );
    return false;
  }

  /** For the SDK: the metadata in the host's form. @internal */
  encodeMetadata(): Bytes {
    return this.metadata.encode();
  }

  /**
   * For the SDK: the service for the host; null, which is logged at error, for one without a target, of which Envoy 1.40
   * dies. A cluster's bare name may be such a one: the host takes `(1` for a serialised service.
   *
   * @internal
   */
  encodeService(): Bytes | null {
    const given = this.grpcService;
    if (given !== null) return acceptService(given);
    const envoyGrpc = new ProtobufWriter().bytes(CLUSTER_NAME, this.cluster);
    return new ProtobufWriter().message(ENVOY_GRPC, envoyGrpc).finish();
  }
}

function acceptService(service: Bytes): Bytes | null {
  const reader = new ProtobufReader(service);
  while (reader.next()) {
    if ((reader.field == ENVOY_GRPC || reader.field == GOOGLE_GRPC) && reader.isBytes) return service;
  }
  logError(utf8("a gRPC service was refused: it has neither envoy_grpc nor google_grpc"));
  return null;
}

/** Envoy would add a second value to its own, and the service refuse the request. Source: gRPC over HTTP/2, "Requests". */
function isReserved(name: Bytes): bool {
  if (name[0] == 0x3a) return true;
  const isOfGrpc = name.length >= 5 && name.slice(0, 5).equalsIgnoreCase(utf8("grpc-"));
  return isOfGrpc || name.equalsIgnoreCase(utf8("te")) || name.equalsIgnoreCase(utf8("content-type"));
}
