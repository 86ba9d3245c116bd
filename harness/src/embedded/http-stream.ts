import { randomUUID } from "node:crypto";
import { HarnessError } from "../errors.ts";
import { HeaderList } from "../header-list.ts";
import { connectionFields, receivedResponse, type OutgoingRequest, type OutgoingResponse, type ReceivedResponse } from "../message.ts";
import type { Upstream } from "../upstream.ts";
import { concatBytes } from "./body-buffer.ts";
import { HeaderMap } from "./context.ts";
import { HttpFilter, type Direction } from "./http-filter.ts";
import { Iteration, type Stage, type StreamEvent } from "./iteration.ts";
import { localReply, type LocalReply } from "./local-reply.ts";
import type { ProxyState } from "./proxy-state.ts";
import type { RootContext } from "./root-context.ts";

/** One message on its way, as far as it has come. */
interface Message {
  headers: HeaderList | null;
  readonly chunks: Uint8Array[];
  trailers: HeaderList;
  isComplete: boolean;
}

/**
 * One request through the chain of filters, its upstream and back, as Envoy's connection manager, filter manager and
 * router do it over HTTP/1.1. The filters see the request in order and the response in reverse.
 */
export class HttpStream {
  private readonly proxy: ProxyState;
  private readonly request: OutgoingRequest;
  private readonly filters: readonly HttpFilter[];
  private readonly decoding: Iteration;
  private encoding: Iteration;
  private readonly requestFields: HeaderList;
  private readonly upstreamRequest: Message = emptyMessage();
  private readonly response: Message = emptyMessage();
  private responseFields: HeaderList | null = null;
  private details = "";
  private hasReplied = false;
  private isReset = false;

  constructor(proxy: ProxyState, roots: readonly RootContext[], request: OutgoingRequest) {
    this.proxy = proxy;
    this.request = request;
    this.requestFields = downstreamFields(request);
    this.filters = roots.map((root) => new HttpFilter(root, this));
    this.decoding = new Iteration(this.stagesOf("request"), (event) => collect(this.upstreamRequest, event));
    this.encoding = new Iteration(this.stagesOf("response"), (event) => this.encode(event));
  }

  /** Runs the whole stream and ends it. Refused with `stream_stuck` when a filter holds it and nothing will resume it. */
  async run(upstream: Upstream): Promise<ReceivedResponse> {
    try {
      for (const event of eventsOf(this.requestFields, this.request)) this.decoding.push(event);
      if (this.upstreamRequest.isComplete && !this.isEnded) await this.callUpstream(upstream);
      return this.finished();
    } finally {
      this.end();
    }
  }

  /** Sends a response of the proxy's own in place of the upstream's, where that is still possible. */
  reply(reply: LocalReply): void {
    if (this.hasReplied || this.isEnded) return;
    this.hasReplied = true;
    this.details = reply.details;
    if (this.response.headers !== null) return this.reset(reply.details);
    this.decoding.abort();
    this.encoding.abort();
    const seenByFilters = this.responseFields === null;
    this.encoding = new Iteration(seenByFilters ? this.stagesOf("response") : [], (event) => this.encode(event));
    const message = localReply(reply, this.requestFields);
    this.responseFields = message.headers;
    for (const event of eventsOf(message.headers, message)) this.encoding.push(event);
  }

  /** What Envoy does when a plugin that fails closed has trapped. */
  fail(): void {
    this.reply({ status: 503, details: "wasm_fail_stream", body: new Uint8Array(), headers: new HeaderList(), grpcStatus: null });
  }

  reset(details: string): void {
    this.details = details;
    this.isReset = true;
    this.decoding.abort();
    this.encoding.abort();
  }

  resume(direction: Direction, stage: Stage): void {
    (direction === "request" ? this.decoding : this.encoding).resume(stage);
  }

  /** The response's status once there is one. */
  get responseStatus(): bigint | null {
    const status = this.responseFields?.get(":status") ?? null;
    return status === null ? null : BigInt(Number.parseInt(status, 10) || 0);
  }

  /** What the access log may read of a stream that has ended. */
  loggedFields(type: number): HeaderList | null {
    if (type === HeaderMap.RequestHeaders) return this.requestFields;
    if (type === HeaderMap.ResponseHeaders) return this.responseFields;
    return type === HeaderMap.ResponseTrailers ? this.response.trailers : null;
  }

  private get isEnded(): boolean {
    return this.isReset || this.response.isComplete;
  }

  private stagesOf(direction: Direction): Stage[] {
    const stages = this.filters.map((filter) => filter.stages[direction]);
    return direction === "request" ? stages : stages.reverse();
  }

  private async callUpstream(upstream: Upstream): Promise<void> {
    const answer = await upstream.handle(receivedBy(this.upstreamRequest));
    this.details = "via_upstream";
    this.responseFields = upstreamFields(answer, this.request.method);
    for (const event of eventsOf(this.responseFields, withoutBody(answer, this.request.method))) this.encoding.push(event);
  }

  private encode(event: StreamEvent): void {
    if (event.kind === "headers") {
      event.fields.set("date", new Date().toUTCString());
      event.fields.set("server", "envoy");
    }
    collect(this.response, event);
  }

  private finished(): ReceivedResponse {
    if (this.isReset) throw new HarnessError("internal", `the stream was reset: ${this.details}`);
    const { headers, chunks, trailers, isComplete } = this.response;
    if (!isComplete || headers === null) throw this.stuck();
    return receivedResponse({
      status: Number.parseInt(headers.get(":status") ?? "0", 10),
      headers: withoutPseudo(headers),
      body: concatBytes(chunks),
      trailers,
    });
  }

  private stuck(): HarnessError {
    const stage = this.decoding.stoppedAt ?? this.encoding.stoppedAt;
    const direction = stage === this.decoding.stoppedAt ? "request" : "response";
    const holder = this.filters.find((filter) => filter.stages[direction] === stage);
    this.reset("downstream_remote_disconnect");
    return new HarnessError(
      "stream_stuck",
      `${this.request.method} ${this.request.path} is held in the ${direction} by plugin "${holder?.root.plugin.name ?? "?"}", and ` +
        `nothing is left that could resume it: return Continue, send a local reply, or resume the stream from a later callback`,
    );
  }

  /** The order on Envoy: every filter logs, then each is done and deleted. */
  private end(): void {
    this.proxy.accessLog.push({
      method: this.request.method,
      path: this.request.path,
      status: Number.parseInt(this.response.headers?.get(":status") ?? "0", 10),
      details: this.details,
    });
    this.decoding.abort();
    this.encoding.abort();
    for (const filter of this.filters) filter.log();
    for (const filter of this.filters) filter.delete();
  }
}

function emptyMessage(): Message {
  return { headers: null, chunks: [], trailers: new HeaderList(), isComplete: false };
}

function collect(message: Message, event: StreamEvent): void {
  if (event.kind === "headers") message.headers = event.fields;
  else if (event.kind === "data") message.chunks.push(event.bytes);
  else message.trailers = event.fields;
  message.isComplete = event.kind === "trailers" || event.endOfStream;
}

type MessageParts = Pick<OutgoingRequest, "chunks" | "trailers">;

function eventsOf(fields: HeaderList, { chunks, trailers }: MessageParts): StreamEvent[] {
  const hasTrailers = trailers.size > 0;
  const data = chunks.map((bytes, i): StreamEvent => {
    return { kind: "data", bytes, endOfStream: !hasTrailers && i === chunks.length - 1 };
  });
  const events: StreamEvent[] = [{ kind: "headers", fields, endOfStream: data.length === 0 && !hasTrailers }, ...data];
  return hasTrailers ? [...events, { kind: "trailers", fields: trailers.copy() }] : events;
}

/** The request as the filters see it: pseudo-headers, the client's, and what Envoy's connection manager adds. */
function downstreamFields(request: OutgoingRequest): HeaderList {
  const fields = HeaderList.from([
    [":authority", request.authority],
    [":path", request.path],
    [":method", request.method],
    [":scheme", "http"],
  ]);
  for (const [name, value] of request.headers) if (!connectionFields.has(name)) fields.add(name, value);
  const length = contentLength(request);
  if (length !== null && !fields.has("content-length")) fields.add("content-length", length);
  fields.set("x-forwarded-proto", "http");
  if (!fields.has("x-request-id")) fields.add("x-request-id", randomUUID());
  return fields;
}

/** A body in one piece is sent with its length, one in several pieces or with trailers is sent chunked. */
function contentLength({ chunks, trailers }: MessageParts): string | null {
  return chunks.length === 1 && trailers.size === 0 ? String(chunks[0]?.length ?? 0) : null;
}

/** The response as the filters see it. */
function upstreamFields(answer: OutgoingResponse, method: string): HeaderList {
  const fields = HeaderList.from([[":status", String(answer.status)]]);
  for (const [name, value] of answer.headers) if (!connectionFields.has(name)) fields.add(name, value);
  const length = answer.chunks.length === 0 && answer.trailers.size === 0 ? "0" : contentLength(answer);
  const hasLength = length !== null && !bodiless(answer.status, method);
  if (hasLength && !fields.has("content-length")) fields.add("content-length", length);
  fields.set("x-envoy-upstream-service-time", "0");
  return fields;
}

function withoutBody(answer: OutgoingResponse, method: string): MessageParts {
  return bodiless(answer.status, method) ? { chunks: [], trailers: new HeaderList() } : answer;
}

/** Responses that have no content (RFC 9110, sections 9.3.2, 15.3.5 and 15.4.5). */
function bodiless(status: number, method: string): boolean {
  return method === "HEAD" || status === 204 || status === 304;
}

function receivedBy({ headers, chunks, trailers }: Message): Parameters<Upstream["handle"]>[0] {
  const fields = headers ?? new HeaderList();
  return {
    method: fields.get(":method") ?? "",
    path: fields.get(":path") ?? "",
    authority: fields.get(":authority") ?? "",
    headers: withoutPseudo(fields),
    body: concatBytes(chunks),
    trailers,
  };
}

function withoutPseudo(fields: HeaderList): HeaderList {
  return HeaderList.from([...fields].filter(([name]) => !name.startsWith(":")));
}
