import { randomUUID } from "node:crypto";
import { HarnessError } from "../errors.ts";
import { HeaderList } from "../header-list.ts";
import {
  connectionFields,
  type OutgoingRequest,
  type OutgoingResponse,
  type ReceivedRequest,
} from "../message.ts";
import type { UpstreamFault } from "../upstream.ts";
import { concatBytes } from "./body-buffer.ts";
import { HeaderMap } from "./header-map.ts";
import type { Direction } from "./http-filter.ts";
import type { StreamEvent } from "./iteration.ts";
import { errorReply, type LocalReply } from "./local-reply.ts";
import type { Message } from "./message-in-progress.ts";

// What HTTP/1.1, Envoy's connection manager and its router make of messages, as seen on Envoy 1.40 with its defaults.

type Content = Pick<OutgoingRequest, "headers" | "chunks" | "trailers" | "metadata">;

/** The router's own limit for a route that names none, in milliseconds. */
const routeTimeoutMs = "15000";

/** The request as the filters see it: pseudo-headers, the client's, and what the connection manager adds. */
export function requestFields(request: OutgoingRequest): HeaderList {
  const forwarded = request.headers.get("x-forwarded-proto");
  const fields = new HeaderMap("request", [
    [":authority", request.authority],
    [":path", request.path],
    [":method", request.method],
    [":scheme", forwarded === "https" ? forwarded : "http"],
  ]);
  addMessageFields(fields, request.headers);
  const length = contentLength(request) ?? (sendsEmptyLength(request) ? "0" : null);
  if (length !== null && !fields.has("content-length")) fields.add("content-length", length);
  if (!fields.has("x-forwarded-proto")) fields.add("x-forwarded-proto", "http");
  if (!fields.has("x-request-id")) fields.add("x-request-id", randomUUID());
  return fields;
}

/** The response as the filters see it. */
export function responseFields(answer: OutgoingResponse, method: string): HeaderMap {
  const fields = new HeaderMap("response", [[":status", String(answer.status)]]);
  addMessageFields(fields, answer.headers);
  const hasContent = answer.chunks.length > 0 || answer.trailers.size > 0;
  const length = hasContent ? contentLength(answer) : "0";
  const mayHaveLength = method === "HEAD" || !bodiless(answer.status, method);
  if (mayHaveLength && length !== null && !fields.has("content-length")) fields.add("content-length", length);
  if (mayHaveLength && length === null) fields.add("transfer-encoding", "chunked");
  fields.set("x-envoy-upstream-service-time", "0");
  return fields;
}

/** Responses that have no content (RFC 9110, sections 9.3.2, 15.3.5 and 15.4.5). */
export function bodiless(status: number, method: string): boolean {
  return method === "HEAD" || status === 204 || status === 304;
}

/** A message off the wire: its end is known only after its last chunk, so that it is an event of its own. */
export function eventsOf(
  fields: HeaderList,
  { chunks, trailers, metadata }: Pick<Content, "chunks" | "trailers" | "metadata">,
): StreamEvent[] {
  const isEmpty = chunks.length === 0 && trailers.size === 0 && metadata.size === 0;
  const headers: StreamEvent = { kind: "headers", fields, endOfStream: isEmpty };
  const data = chunks.map((bytes): StreamEvent => ({ kind: "data", bytes, endOfStream: false }));
  if (isEmpty) return [headers];
  const end: StreamEvent =
    trailers.size > 0
      ? { kind: "trailers", fields: trailers.copy() }
      : { kind: "data", bytes: new Uint8Array(), endOfStream: true };
  const behindHeaders: StreamEvent[] = metadata.size === 0 ? [] : [{ kind: "metadata", fields: metadata }];
  return [headers, ...behindHeaders, ...data, end];
}

/** A local reply: its only chunk ends it. */
export function replyEvents({ headers, body }: { headers: HeaderList; body: Uint8Array }): StreamEvent[] {
  const first: StreamEvent = { kind: "headers", fields: headers, endOfStream: body.length === 0 };
  return body.length === 0 ? [first] : [first, { kind: "data", bytes: body, endOfStream: true }];
}

/** What the router adds to the request, where access logs see it too. */
export function addRouterFields(fields: HeaderList): void {
  fields.set("x-envoy-expected-rq-timeout-ms", routeTimeoutMs);
}

/** What the upstream gets of a request that has passed the filters and the router. */
export function receivedByUpstream({ headers, chunks, trailers }: Message): ReceivedRequest {
  const fields = headers ?? new HeaderList();
  const sent = withoutPseudo(fields);
  const body = concatBytes(chunks);
  refuseOtherLength("request", fields, body.length);
  return {
    method: fields.get(":method") ?? "",
    path: fields.get(":path") ?? "",
    authority: fields.get(":authority") ?? "",
    headers: sent,
    body,
    trailers: sentTrailers(fields, trailers),
  };
}

/** Trailers are sent behind a body in chunks, and lost behind one of announced length. */
export function sentTrailers(headers: HeaderList | null, trailers: HeaderList): HeaderList {
  return headers?.has("content-length") === true ? new HeaderList() : trailers;
}

/** A body that belies its `content-length` leaves the receiver waiting, or takes its end for another message. */
export function refuseOtherLength(direction: Direction, headers: HeaderList, byteLength: number): void {
  const announced = headers.get("content-length");
  if (announced === null || Number(announced) === byteLength) return;
  throw new HarnessError(
    "stream_stuck",
    `the ${direction} says content-length ${announced} and has a body of ${byteLength} bytes: the receiver would wait for the rest, ` +
      "or take it for another message; a filter that changes a body removes content-length, or sets it, while it has the headers",
  );
}

/** What the router answers to a request without a field that it needs; null when all are there. */
export function routeRefusal(fields: HeaderList): LocalReply | null {
  if (!fields.has(":path") || !fields.has("x-forwarded-proto")) return errorReply(404, "", "route_not_found");
  if (fields.has(":method")) return null;
  const details = "filter_removed_required_request_headers{missing_required_header:_:method}";
  return errorReply(503, "missing required header: :method", details);
}

/** What the router answers when the upstream closes the connection in place of an answer, or does not answer in time. */
export function faultReply({ fault }: UpstreamFault): LocalReply {
  if (fault === "refuse") {
    const text =
      "upstream connect error or disconnect/reset before headers. reset reason: connection termination";
    return errorReply(503, text, "upstream_reset_before_response_started{connection_termination}");
  }
  if (fault === "silence") return errorReply(504, "upstream request timeout", "response_timeout");
  throw new HarnessError(
    "unsupported",
    `the upstream broke off in the middle of its response (fault: "${fault}"), which a filter of the embedded backend ` +
      "cannot be shown: say after: null, or run this test in a real Envoy (vitest --project envoy)",
  );
}

/** The fields that are sent as such, without those of the connection. */
export function withoutPseudo(fields: HeaderList): HeaderList {
  return HeaderList.from(
    [...fields].filter(([name]) => !name.startsWith(":") && !connectionFields.has(name)),
  );
}

/** `te: trailers` is the one field of the connection that Envoy passes to filters. */
function addMessageFields(fields: HeaderList, headers: HeaderList): void {
  for (const [name, value] of headers) {
    if (!connectionFields.has(name) || (name === "te" && headers.get("te") === "trailers"))
      fields.add(name, value);
  }
}

/** A body in one piece is sent with its length, one in several pieces or with trailers is sent chunked. */
function contentLength({ headers, chunks, trailers }: Content): string | null {
  if (headers.has("transfer-encoding")) return null;
  return chunks.length === 1 && trailers.size === 0 ? String(chunks[0]?.length ?? 0) : null;
}

/** Methods whose requests have a meaning for their content say that there is none (RFC 9110, section 8.6). */
function sendsEmptyLength({ method, chunks, trailers }: OutgoingRequest): boolean {
  return ["POST", "PUT", "PATCH"].includes(method) && chunks.length === 0 && trailers.size === 0;
}
