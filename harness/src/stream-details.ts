/**
 * When the parts of a stream passed Envoy, in milliseconds since its start, with fractions; null for what never did.
 *
 * @category Read what happened
 */
export interface StreamTimings {
  /** The last byte of the request was received. */
  readonly requestReceivedMs: number | null;
  /** The first byte was sent upstream. */
  readonly upstreamRequestBeganMs: number | null;
  /** The last byte was sent upstream. */
  readonly upstreamRequestSentMs: number | null;
  /** The first byte came back from upstream. */
  readonly upstreamResponseBeganMs: number | null;
  /** The last byte came back from upstream. */
  readonly upstreamResponseReceivedMs: number | null;
  /** The first byte of the response was sent downstream. */
  readonly responseBeganMs: number | null;
  /** The last byte of the response was sent downstream. */
  readonly responseSentMs: number | null;
}

/**
 * How many bytes a stream had; header names and values are counted without what the protocol adds.
 *
 * @category Read what happened
 */
export interface StreamBytes {
  /** Of the request's headers. */
  readonly requestHeaders: number;
  /** Of the request's body. */
  readonly requestBody: number;
  /** Of the response's headers. */
  readonly responseHeaders: number;
  /** Of the response's body. */
  readonly responseBody: number;
  /** From the client, on the wire, without TLS. */
  readonly downstreamReceived: number;
  /** To the client, as `downstreamReceived`. */
  readonly downstreamSent: number;
  /** From upstream, as `downstreamReceived`. */
  readonly upstreamReceived: number;
  /** To upstream, as `downstreamReceived`. */
  readonly upstreamSent: number;
}

/**
 * What Envoy's access log says of a stream besides, when the proxy was started with `accessLog`.
 *
 * @category Read what happened
 */
export interface StreamDetails {
  /** `UF`, `UH`, `URX`, …, as in `%RESPONSE_FLAGS%`; empty when nothing went wrong. */
  readonly responseFlags: readonly string[];
  /** `HTTP/1.1` */
  readonly protocol: string;
  /** Of the header `x-request-id`; "" when there is none. */
  readonly requestId: string;
  /** The route that was taken; "" when it has no name, or there was none. */
  readonly routeName: string;
  /** The cluster that the stream was routed to; "" when it was to none. */
  readonly upstreamCluster: string;
  /** `127.0.0.1:8080`, null when no server was chosen. */
  readonly upstreamAddress: string | null;
  /** Why there was no connection to it, in Envoy's words; "" when there was one. */
  readonly upstreamFailure: string;
  /** How often the stream was sent upstream, retries included. */
  readonly attempts: number;
  /** From the first byte of the request until the stream was over, in milliseconds with fractions. */
  readonly durationMs: number;
  /** When its parts passed Envoy. */
  readonly timings: StreamTimings;
  /** How much of it there was. */
  readonly bytes: StreamBytes;
  /** Those that were asked for and are there, as the filters left them. Several values of a name stand in one, with commas. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** As `requestHeaders`. */
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** As `requestHeaders`. */
  readonly responseTrailers: Readonly<Record<string, string>>;
  /** The dynamic metadata, by the namespaces that filters chose. */
  readonly metadata: Readonly<Record<string, object>>;
  /** Those objects of the filter state that were asked for and are there: text, bytes, or a message in its JSON form. */
  readonly filterState: Readonly<Record<string, unknown>>;
}
