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
import { octetsOf, textOf } from "../octets.ts";
import { concatBytes, noBytes } from "./body-buffer.ts";
import { HeaderMap } from "./header-map.ts";
import type { Direction } from "./http-filter-stage.ts";
import { messageFields, upstreamRefusal } from "./http1-checks.ts";
import type { StreamEvent } from "./iteration.ts";
import { errorReply, type LocalReply } from "./local-reply.ts";
import type { Message } from "./message-in-progress.ts";

// What HTTP/1.1, Envoy's connection manager and its router make of messages, as seen on Envoy 1.40 with its defaults.

type Content = Pick<OutgoingRequest, "headers" | "chunks" | "trailers" | "metadata" | "cut">;

/** The router's own limit for a route that names none, in milliseconds. */
const routeTimeoutMs = "15000";

/** The request as the filters see it: pseudo-headers, the client's, and what the connection manager adds. */
export function requestFields(request: OutgoingRequest): HeaderList {
  const forwarded = request.headers.find("x-forwarded-proto");
  const fields = new HeaderMap("request");
  fields.append(":authority", octetsOf(request.authority));
  fields.append(":path", octetsOf(request.path));
  fields.append(":method", octetsOf(request.method));
  fields.append(":scheme", forwarded === "https" ? forwarded : "http");
  for (const other of request.headers.allOctets("host")) fields.append(":authority", other);
  addMessageFields(fields, messageFields(request.headers));
  const length = contentLength(request) ?? (sendsEmptyLength(request) ? "0" : null);
  if (length !== null && fields.find("content-length") === null) fields.append("content-length", length);
  if (forwarded === null) fields.append("x-forwarded-proto", "http");
  if (fields.find("x-request-id") === null) fields.append("x-request-id", requestId());
  return fields;
}

let lastRequest = 0;
const randomPart = randomUUID().slice(0, -12);

/** A UUID that no other request of this process has: to draw 36 digits anew takes a tenth of a request. */
function requestId(): string {
  return randomPart + (++lastRequest).toString(16).padStart(12, "0");
}

/** The response as the filters see it. */
export function responseFields(answer: OutgoingResponse, method: string): HeaderMap {
  const fields = new HeaderMap("response", [":status", String(answer.status)]);
  addMessageFields(fields, answer.headers);
  const hasContent = answer.chunks.length > 0 || answer.trailers.size > 0 || isChunked(answer);
  const length = hasContent ? contentLength(answer) : "0";
  const mayHaveLength = method === "HEAD" || !bodiless(answer.status, method);
  if (mayHaveLength && length !== null && fields.find("content-length") === null)
    fields.append("content-length", length);
  const isSaid = answer.headers.find("transfer-encoding") !== null;
  if ((mayHaveLength && length === null) || isSaid) fields.append("transfer-encoding", "chunked");
  fields.replace("x-envoy-upstream-service-time", "0");
  return fields;
}

let dated = { second: NaN, text: "" };

/** The present as the field `date` has it: made once a second, as Envoy makes it once in a while. */
export function httpDate(): string {
  const second = Math.floor(Date.now() / 1_000);
  if (second !== dated.second) dated = { second, text: new Date(second * 1_000).toUTCString() };
  return dated.text;
}

/** Responses that have no content (RFC 9110, sections 9.3.2, 15.3.5 and 15.4.5). */
export function bodiless(status: number, method: string): boolean {
  return method === "HEAD" || status === 204 || status === 304;
}

/**
 * A message off the wire: its end is known only after its last chunk, so that it is an event of its own, unless a test says
 * that it comes with the chunk, as HTTP/2 can have it.
 */
export function eventsOf(fields: HeaderList, content: Content): StreamEvent[] {
  const { chunks, trailers, metadata, cut } = content;
  const isEmpty = chunks.length === 0 && trailers.size === 0 && metadata.size === 0 && !isChunked(content);
  const headers: StreamEvent = { kind: "headers", fields, endOfStream: isEmpty };
  if (isEmpty) return [headers];
  const events: StreamEvent[] = [headers];
  if (metadata.size > 0) events.push({ kind: "metadata", fields: oneOfEach(metadata) });
  const last = cut?.endsAlone === false && trailers.size === 0 ? chunks.length - 1 : -1;
  chunks.forEach((bytes, i) => events.push({ kind: "data", bytes, endOfStream: i === last }));
  if (trailers.size > 0) events.push({ kind: "trailers", fields: trailers.copy() });
  else if (last < 0) events.push({ kind: "data", bytes: noBytes, endOfStream: true });
  return events;
}

/** METADATA is a map: the last value of a name is the one. */
function oneOfEach(metadata: HeaderList): HeaderList {
  return HeaderList.from(new Map(metadata));
}

/** A local reply: its only chunk ends it. */
export function replyEvents({ headers, body }: { headers: HeaderList; body: Uint8Array }): StreamEvent[] {
  const first: StreamEvent = { kind: "headers", fields: headers, endOfStream: body.length === 0 };
  return body.length === 0 ? [first] : [first, { kind: "data", bytes: body, endOfStream: true }];
}

/** What the router adds to the request, where access logs see it too. */
export function addRouterFields(fields: HeaderList): void {
  fields.replace("x-envoy-expected-rq-timeout-ms", routeTimeoutMs);
}

/** What the upstream gets of a request that has passed the filters and the router. */
export function receivedByUpstream({ headers, chunks, trailers }: Message): ReceivedRequest {
  const fields = headers ?? new HeaderList();
  const sent = withoutPseudo(fields);
  const body = concatBytes(chunks);
  refuseOtherLength("request", fields, body.length);
  return {
    method: textOf(fields.find(":method") ?? ""),
    path: textOf(fields.find(":path") ?? ""),
    authority: textOf(fields.find(":authority") ?? ""),
    headers: sent,
    body,
    trailers: sentTrailers(fields, trailers),
  };
}

/** Trailers are sent behind a body in chunks, and lost behind one of announced length. */
export function sentTrailers(headers: HeaderList | null, trailers: HeaderList): HeaderList {
  if (trailers.size === 0 || headers === null) return trailers;
  return headers.find("content-length") === null ? trailers : new HeaderList();
}

/** A body that belies its `content-length` leaves the receiver waiting, or takes its end for another message. */
export function refuseOtherLength(direction: Direction, headers: HeaderList, byteLength: number): void {
  const announced = headers.find("content-length");
  if (announced === null || Number(announced) === byteLength) return;
  throw new HarnessError(
    "stream_stuck",
    `the ${direction} says content-length ${announced} and has a body of ${byteLength} bytes: the receiver would wait for the rest, ` +
      "or take it for another message; a filter that changes a body removes content-length, or sets it, while it has the headers",
  );
}

/**
 * What the router answers to a request without a field that it needs, or with one that cannot be sent, and to a path that no
 * route has, for each begins with a slash; null to others.
 */
export function routeRefusal(fields: HeaderList): LocalReply | null {
  const isMissing = (name: string): boolean => fields.find(name) === null;
  const hasRoute = fields.find(":path")?.startsWith("/") ?? false;
  if (!hasRoute || isMissing("x-forwarded-proto")) return errorReply(404, "", "route_not_found");
  if (!isMissing(":method")) return upstreamRefusal(fields);
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
  return fields.only(isSent);
}

function isSent(name: string): boolean {
  return !name.startsWith(":") && !connectionFields.has(name);
}

/** `te: trailers` is the one field of the connection that Envoy passes to filters. */
function addMessageFields(fields: HeaderList, headers: HeaderList): void {
  const { inTurn } = headers;
  for (let i = 0; i < inTurn.length; i += 2) {
    const [name = "", value = ""] = [inTurn[i], inTurn[i + 1]];
    if (!connectionFields.has(name) || (name === "te" && headers.find("te") === "trailers"))
      fields.append(name, value);
  }
}

/** A body in one piece is sent with its length, one in several pieces or with trailers is sent chunked. */
function contentLength(message: Content): string | null {
  const { chunks, trailers } = message;
  if (isChunked(message)) return null;
  return chunks.length === 1 && trailers.size === 0 ? String(chunks[0]?.length ?? 0) : null;
}

/** By its own word, or by how a test cuts its body: so even an empty one has an end of its own. */
function isChunked({ headers, cut }: Content): boolean {
  return cut !== undefined || headers.find("transfer-encoding") !== null;
}

/** Methods whose requests have a meaning for their content. */
const withMeaning: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/** Such a request says that there is none (RFC 9110, section 8.6). */
function sendsEmptyLength(request: OutgoingRequest): boolean {
  const { method, chunks, trailers } = request;
  return withMeaning.has(method) && chunks.length === 0 && trailers.size === 0 && !isChunked(request);
}
