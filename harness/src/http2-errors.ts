/** The codes by which HTTP/2 resets a stream, in their order. Source: RFC 9113, section 7. */
const names = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
] as const;

/**
 * Why a stream of HTTP/2 is reset.
 *
 * @category Program the upstream
 */
export type Http2Error = (typeof names)[number];

export function http2ErrorCode(name: Http2Error): number {
  return names.indexOf(name);
}

export function http2ErrorName(code: number): string {
  return names[code] ?? `error ${code}`;
}
