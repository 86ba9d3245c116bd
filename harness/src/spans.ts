/**
 * The value of a span's attribute.
 *
 * @category Read what happened
 */
export type SpanAttribute = string | number | boolean | Uint8Array | readonly SpanAttribute[] | null;

/**
 * One span of a trace, as Envoy exports it over OTLP.
 *
 * @category Read what happened
 */
export interface Span {
  /** `ingress`, or `router upstream egress` for a request to the upstream. */
  readonly name: string;
  /** `server` for the request that came in, `client` for what the router sent. */
  readonly kind: "unspecified" | "internal" | "server" | "client" | "producer" | "consumer";
  /** 32 digits, lower-case hexadecimal. */
  readonly traceId: string;
  /** 16 digits, lower-case hexadecimal. */
  readonly spanId: string;
  /** The span that this one is a part of, which may be a caller's; null for the first of a trace. */
  readonly parentSpanId: string | null;
  /** As in the header `tracestate`. */
  readonly traceState: string;
  /** `http.method`, `http.status_code`, `upstream_cluster.name` and the like; Envoy's are text. */
  readonly attributes: Readonly<Record<string, SpanAttribute>>;
  /** `error` after a response of 5xx or none at all, else `unset`. */
  readonly status: "unset" | "ok" | "error";
  /** Milliseconds since 1970, with fractions. */
  readonly startMs: number;
  /** Between its start and its end, in milliseconds with fractions. */
  readonly durationMs: number;
}
