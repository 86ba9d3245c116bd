import { Bytes, utf8 } from "../bytes";
import { FieldList } from "../http-fields/field-list";

/** How long an answer is awaited unless the filter says otherwise. */
const DEFAULT_TIMEOUT_MS: u32 = 1_000;

/**
 * A request to a service that Envoy knows as a cluster. Source: proxy-wasm ABI 0.2.1, `proxy_http_call`.
 *
 * @category HTTP callouts
 */
export class HttpCallRequest {
  /** The method. */
  method: Bytes = utf8("GET");
  /** The authority, which HTTP/1.1 sends as Host; the cluster's name unless it is set. */
  authority: Bytes;
  /** Headers beside method, path and authority; the host adds `content-length` and fields of its own. */
  readonly headers: FieldList = new FieldList();
  /** The body; none unless it is set. */
  body: Bytes = Bytes.EMPTY;
  /** The trailers, sent after the body. */
  readonly trailers: FieldList = new FieldList();
  /** How long the answer may take, in milliseconds; at least 1. */
  timeoutMs: u32 = DEFAULT_TIMEOUT_MS;

  constructor(
    /** The cluster's name in Envoy's configuration. */
    readonly cluster: Bytes,
    /** The path with its query. */
    readonly path: Bytes,
  ) {
    this.authority = cluster;
  }

  /** For the SDK: all headers in the host's form; the host refuses a request without these three. @internal */
  encodeHeaders(): Bytes {
    const all = new FieldList();
    all.add(utf8(":method"), this.method);
    all.add(utf8(":path"), this.path);
    all.add(utf8(":authority"), this.authority);
    all.addAll(this.headers);
    return all.encode();
  }
}
