import { HeaderList } from "../header-list.ts";
import type { OutgoingRequest } from "../message.ts";

/** What a filter or Envoy itself answers in the upstream's place. */
export interface LocalReply {
  readonly status: number;
  /** `%RESPONSE_CODE_DETAILS%` of the stream. */
  readonly details: string;
  readonly body: Uint8Array;
  readonly headers: HeaderList;
  readonly grpcStatus: number | null;
}

/** The gRPC status for an HTTP status (gRPC's "HTTP to gRPC Status Code Mapping"); others are 2, unknown. */
const grpcStatusOf: Readonly<Record<number, number>> = { 400: 13, 401: 16, 403: 7, 404: 12, 429: 14, 502: 14, 503: 14, 504: 14 };

type Message = { headers: HeaderList } & Pick<OutgoingRequest, "chunks" | "trailers">;

/** The response that Envoy makes of a local reply; a gRPC request gets trailers in place of a body. */
export function localReply(reply: LocalReply, request: HeaderList): Message {
  const headers = HeaderList.from([[":status", String(reply.status)]]);
  for (const [name, value] of reply.headers) headers.add(name, value);
  const trailers = new HeaderList();
  if (isGrpc(request)) return { headers: grpcHeaders(headers, reply), chunks: [], trailers };

  const hasBody = reply.body.length > 0;
  if (hasBody) headers.set("content-length", String(reply.body.length));
  if (hasBody && !headers.has("content-type")) headers.add("content-type", "text/plain");
  if (!hasBody && reply.status >= 200 && reply.status !== 204 && reply.status !== 304) headers.set("content-length", "0");
  const sendsBody = hasBody && request.get(":method") !== "HEAD";
  return { headers, chunks: sendsBody ? [reply.body] : [], trailers };
}

function isGrpc(request: HeaderList): boolean {
  return /^application\/grpc(\+|$)/.test(request.get("content-type") ?? "");
}

function grpcHeaders(headers: HeaderList, reply: LocalReply): HeaderList {
  headers.set(":status", "200");
  headers.set("content-type", "application/grpc");
  headers.set("grpc-status", String(reply.grpcStatus ?? grpcStatusOf[reply.status] ?? 2));
  if (reply.body.length > 0) headers.set("grpc-message", new TextDecoder().decode(reply.body));
  return headers;
}
