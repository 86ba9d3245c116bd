import { HeaderList } from "../header-list.ts";
import { HeaderMap } from "./header-map.ts";

/** What a filter or Envoy itself answers in the upstream's place. */
export interface LocalReply {
  readonly status: number;
  /** `%RESPONSE_CODE_DETAILS%` of the stream. */
  readonly details: string;
  readonly body: Uint8Array;
  readonly headers: HeaderList;
  readonly grpcStatus: number | null;
}

/** A reply of the proxy itself. */
export function errorReply(status: number, body: string, details: string): LocalReply {
  return {
    status,
    details,
    body: new TextEncoder().encode(body),
    headers: new HeaderList(),
    grpcStatus: null,
  };
}

/** The gRPC status for an HTTP status (gRPC's "HTTP to gRPC Status Code Mapping"); others are 2, unknown. */
const grpcStatusOf: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
};

/** The response that Envoy makes of a local reply; for a gRPC request everything is in the headers. */
export function localReply(reply: LocalReply, request: HeaderList): { headers: HeaderMap; body: Uint8Array } {
  const none = new Uint8Array();
  const headers = new HeaderMap("response", [":status", String(reply.status), ...reply.headers.inTurn]);
  if (isGrpc(request)) return { headers: grpcHeaders(headers, reply), body: none };
  if (reply.body.length === 0) return { headers, body: none };
  headers.set("content-length", String(reply.body.length));
  if (!headers.has("content-type")) headers.add("content-type", "text/plain");
  return { headers, body: request.get(":method") === "HEAD" ? none : reply.body };
}

function isGrpc(request: HeaderList): boolean {
  return /^application\/grpc(\+|$)/.test(request.get("content-type") ?? "");
}

function grpcHeaders(headers: HeaderMap, reply: LocalReply): HeaderMap {
  headers.set(":status", "200");
  headers.set("content-type", "application/grpc");
  headers.set("grpc-status", String(reply.grpcStatus ?? grpcStatusOf[reply.status] ?? 2));
  if (reply.body.length > 0) headers.set("grpc-message", new TextDecoder().decode(reply.body));
  return headers;
}
