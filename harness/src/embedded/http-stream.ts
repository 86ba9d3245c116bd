import { HarnessError } from "../errors.ts";
import { HeaderList } from "../header-list.ts";
import {
  receivedResponse,
  type OutgoingRequest,
  type OutgoingResponse,
  type ReceivedResponse,
} from "../message.ts";
import { textOf } from "../octets.ts";
import { isFault, type Upstream, type UpstreamFault } from "../upstream.ts";
import { concatBytes } from "./body-buffer.ts";
import type { ClientConnection } from "./client-connections.ts";
import { HeaderMapType } from "./context.ts";
import type { HeaderMap } from "./header-map.ts";
import { collect, emptyMessage, type Message } from "./message-in-progress.ts";
import { HttpFilter } from "./http-filter.ts";
import type { Direction } from "./http-filter-stage.ts";
import {
  addRouterFields,
  bodiless,
  eventsOf,
  faultReply,
  httpDate,
  receivedByUpstream,
  refuseOtherLength,
  replyEvents,
  requestFields,
  responseFields,
  routeRefusal,
  sentTrailers,
  withoutPseudo,
} from "./http1.ts";
import { clientRefusal } from "./http1-checks.ts";
import { type HeadersEvent, Iteration, type Stage, type StreamEvent } from "./iteration.ts";
import { errorReply, localReply, type LocalReply } from "./local-reply.ts";
import { forwardedAddress } from "./forwarded-address.ts";
import type { ProxyState } from "./proxy-state.ts";
import type { RootContext } from "./root-context.ts";
import { StreamInfo } from "./stream-info.ts";

/** Envoy's default for a route's `timeout`. */
const routeTimeoutMs = 15_000;

/** How long a stream may be held, by the clock: what a filter does in vain in that time, it does for ever. */
const longestNanos = 60_000_000_000n;

/** Whence a stream comes, and the plugins that it meets. */
export interface StreamSurroundings {
  readonly connection: ClientConnection;
  readonly filters: readonly RootContext[];
  readonly accessLoggers: readonly StreamLogger[];
}

/** Told of a stream that is over. */
interface StreamLogger {
  log(stream: HttpStream): void;
}

/**
 * One request through the chain of filters, its upstream and back, as Envoy's connection manager, filter manager and
 * router do it over HTTP/1.1. The filters see the request in order and the response in reverse.
 */
export class HttpStream {
  readonly info: StreamInfo;
  private readonly proxy: ProxyState;
  private readonly request: OutgoingRequest;
  private readonly upstream: Upstream;
  private readonly filters: readonly HttpFilter[];
  private readonly accessLoggers: readonly StreamLogger[];
  private readonly decoding: Iteration;
  private encoding: Iteration;
  private readonly requestFields: HeaderList;
  private readonly upstreamRequest: Message = emptyMessage();
  private readonly response: Message = emptyMessage();
  private responseFields: HeaderMap | null = null;
  private details: string | null = null;
  private replyStatus: number | null = null;
  private hasReplied = false;
  private isReplyAsked = false;
  /** Who waits for its end. */
  private readonly waiting: Array<() => void> = [];
  /** Whether it was broken off; its last callbacks come before the one has returned in which that was asked for. */
  isReset = false;

  constructor(
    proxy: ProxyState,
    surroundings: StreamSurroundings,
    request: OutgoingRequest,
    upstream: Upstream,
  ) {
    this.proxy = proxy;
    this.request = request;
    this.upstream = upstream;
    this.requestFields = requestFields(request);
    this.info = new StreamInfo(surroundings.connection, proxy.virtualHost, request.path, proxy.nowNanos());
    this.info.forwardedAddress = forwardedAddress(this.requestFields);
    this.filters = surroundings.filters.map((root) => new HttpFilter(root, this));
    this.accessLoggers = surroundings.accessLoggers;
    this.decoding = new Iteration(this.stagesOf("request"), {
      deliver: (event) => this.route(event),
      overflow: () => this.reply(errorReply(413, "Payload Too Large", "request_payload_too_large")),
    });
    this.encoding = this.encodingThrough(this.stagesOf("response"));
  }

  /**
   * Runs the whole stream and ends it; it is over at once, or when its upstream, an answer or a timer has brought it
   * on. Refused with `stream_stuck` when a filter holds it and nothing will resume it. `leave` is called as it is over.
   */
  async run(leave: (hasAnswered: boolean) => void): Promise<ReceivedResponse> {
    const { progress } = this.proxy;
    let hasAnswered = false;
    progress.open();
    try {
      this.proxy.loop.within(() => this.receiveRequest());
      if (!this.isEnded) await progress.wait(this, this.info.startNanos + longestNanos);
      const response = this.finished();
      hasAnswered = true;
      return response;
    } finally {
      this.close(() => leave(hasAnswered));
    }
  }

  /** Resolves when it is over, whatever came of it. */
  over(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private receiveRequest(): void {
    const refusal = clientRefusal(this.request);
    if (refusal !== null) return this.reply(refusal);
    for (const event of eventsOf(this.requestFields, this.request)) this.decode(event);
  }

  /** What replies once the callback has returned that asks for it. Of two that it asks for, the second is its details. */
  replyLater(reply: LocalReply): () => void {
    if (this.isReplyAsked) return () => void (this.details = reply.details);
    this.isReplyAsked = true;
    return () => {
      this.isReplyAsked = false;
      this.reply(reply);
    };
  }

  /** Sends a response of the proxy's own in place of the upstream's, where that is still possible. */
  reply(reply: LocalReply): void {
    if (this.isEnded) return;
    this.replyStatus = reply.status;
    this.details = reply.details;
    if (this.response.headers !== null) return this.reset(reply.details);
    this.hasReplied = true;
    this.decoding.abort();
    this.encoding.abort();
    const seenByFilters = this.responseFields === null;
    this.encoding = this.encodingThrough(seenByFilters ? this.stagesOf("response") : []);
    const message = localReply(reply, this.requestFields);
    this.responseFields = message.headers;
    const { encoding } = this; // a filter that sees this reply may send another
    for (const event of replyEvents(message)) encoding.push(event);
  }

  /** What Envoy does when a plugin that fails closed has trapped. */
  fail(): void {
    this.reply(errorReply(503, "", "wasm_fail_stream"));
  }

  /** What the access log says of a response that had begun stays. */
  reset(details: string): void {
    this.details ??= details;
    this.isReset = true;
    this.decoding.abort();
    this.encoding.abort();
    this.proxy.progress.wake(this);
  }

  resume(direction: Direction, stage: Stage): void {
    (direction === "request" ? this.decoding : this.encoding).resume(stage);
  }

  /** The response's status once there is one. */
  get responseStatus(): bigint | null {
    if (this.response.headers === null && this.replyStatus !== null) return BigInt(this.replyStatus);
    const status = this.responseFields?.get(":status") ?? null;
    return status === null ? null : BigInt(Number.parseInt(status, 10) || 0);
  }

  /** Why there is this response: `via_upstream`, or the details of a local reply; null while there is none. */
  get responseDetails(): string | null {
    return this.details;
  }

  /** What the access log may read of a stream that has ended. */
  loggedFields(type: number): HeaderList | null {
    if (type === HeaderMapType.RequestHeaders) return this.requestFields;
    if (type === HeaderMapType.ResponseHeaders) return this.responseFields;
    return type === HeaderMapType.ResponseTrailers ? this.response.trailers : null;
  }

  private get isEnded(): boolean {
    return this.isReset || this.response.isComplete;
  }

  /** Of what was sent; else of what was to be sent, which is not yet told in gRPC's way. */
  private get loggedStatus(): number {
    const { headers } = this.response;
    if (headers === null && this.replyStatus !== null) return this.replyStatus;
    return Number.parseInt((headers ?? this.responseFields)?.find(":status") ?? "0", 10);
  }

  private stagesOf(direction: Direction): Stage[] {
    const stages = this.filters.map((filter) => filter[direction]);
    return direction === "request" ? stages : stages.reverse();
  }

  /** Where the router takes over from the filters. */
  private route(event: StreamEvent): void {
    if (event.kind === "headers") this.info.renewRoute(textOf(event.fields.find(":path") ?? ""));
    const refusal = event.kind === "headers" ? routeRefusal(event.fields) : null;
    if (refusal !== null) return this.reply(refusal);
    if (event.kind === "headers") {
      addRouterFields(event.fields);
      this.info.isRouted = true;
    }
    collect(this.upstreamRequest, event);
    if (this.upstreamRequest.isComplete) this.proxy.progress.soon(() => this.callUpstream(), this);
  }

  private encodingThrough(stages: readonly Stage[]): Iteration {
    return new Iteration(stages, {
      deliver: (event) => this.encode(event),
      overflow: () => this.reply(errorReply(500, "Internal Server Error", "response_payload_too_large")),
    });
  }

  /** What the callback that let the request go has asked for besides came before. */
  private callUpstream(): Promise<void> | undefined {
    if (this.isEnded) return undefined;
    const answer = this.upstream.handle(receivedByUpstream(this.upstreamRequest));
    if (answer instanceof Promise) return answer.then((each) => this.receiveInTime(each));
    this.receiveInTime(answer);
    return undefined;
  }

  private receiveInTime(answer: OutgoingResponse | UpstreamFault): void {
    const delayMs = delayOf(answer);
    if (delayMs === 0) this.receive(answer);
    else this.proxy.clock.after(delayMs, () => this.receive(answer));
  }

  private receive(answer: OutgoingResponse | UpstreamFault): void {
    if (this.hasReplied || this.isEnded) return;
    if (isFault(answer)) return this.reply(faultReply(answer));
    const { method } = this.request;
    this.details = "via_upstream";
    this.info.hasUpstream = true;
    this.responseFields = responseFields(answer, method);
    const content = bodiless(answer.status, method)
      ? { headers: new HeaderList(), chunks: [], trailers: new HeaderList(), metadata: answer.metadata }
      : answer;
    const { encoding } = this; // a local reply meanwhile has one of its own
    const events = eventsOf(this.responseFields, content);
    this.proxy.loop.within(() => {
      for (const event of events) {
        const isLast = "endOfStream" in event ? event.endOfStream : event.kind === "trailers";
        if (isLast && !this.hasReplied) this.info.hasUpstreamEnded = true;
        encoding.push(event);
      }
    });
  }

  private decode(event: StreamEvent): void {
    if (event.kind === "data") this.info.receivedBytes += event.bytes.length;
    this.decoding.push(event);
  }

  private encode(event: StreamEvent): void {
    if (event.kind === "data") this.info.sentBytes += event.bytes.length;
    collect(this.response, event.kind === "headers" ? this.sent(event) : event);
    if (this.response.isComplete) this.proxy.progress.wake(this);
  }

  /** The headers as the codec sends them; what it adds is not logged. */
  private sent(event: HeadersEvent): StreamEvent {
    this.responseFields?.delete("transfer-encoding");
    this.responseFields?.overwrite("date", httpDate());
    this.responseFields?.overwrite("server", "envoy");
    const fields = event.fields.copy();
    if (event.endOfStream) this.addEmptyLength(fields);
    return { kind: "headers", fields, endOfStream: event.endOfStream };
  }

  /** The HTTP/1 codec's own: a response that could have content and has none says so. */
  private addEmptyLength(fields: HeaderList): void {
    const status = Number.parseInt(fields.find(":status") ?? "0", 10);
    if (!bodiless(status, this.request.method) && fields.find("content-length") === null)
      fields.append("content-length", "0");
  }

  private finished(): ReceivedResponse {
    if (this.isReset) throw new HarnessError("internal", `the stream was reset: ${this.details}`);
    const { headers, chunks, trailers, isComplete } = this.response;
    if (!isComplete || headers === null) throw this.stuck();
    const body = concatBytes(chunks);
    const status = Number.parseInt(headers.find(":status") ?? "0", 10);
    if (status < 100 || status > 999) throw noResponse(status);
    if (!bodiless(status, this.request.method)) refuseOtherLength("response", headers, body.length);
    return receivedResponse({
      status,
      headers: withoutPseudo(headers),
      body,
      trailers: sentTrailers(headers, trailers),
    });
  }

  private stuck(): HarnessError {
    const stage = this.decoding.stoppedAt ?? this.encoding.stoppedAt;
    const direction = stage === this.decoding.stoppedAt ? "request" : "response";
    const holder = this.filters.find((filter) => filter[direction] === stage);
    this.details = "downstream_remote_disconnect";
    this.reset(this.details);
    const isTicking = this.proxy.clock.nextNanos !== null;
    const why = isTicking
      ? "a minute of the clock's time has brought nothing that resumes it, though timers still happen"
      : "nothing is left that could resume it";
    return new HarnessError(
      "stream_stuck",
      `${this.request.method} ${this.request.path} is held in the ${direction} by plugin "${holder?.root.plugin.name ?? "?"}", and ` +
        `${why}: return Continue, send a local reply, or resume the stream from a later callback`,
    );
  }

  /** It is over, too, when the host refuses what a filter does in its last callbacks. */
  private close(leave: () => void): void {
    try {
      this.end();
    } finally {
      this.proxy.progress.close();
      leave();
      for (const waiting of this.waiting) waiting();
    }
  }

  /** The order on Envoy: every filter logs, then every access logger, then each filter is done and deleted. */
  private end(): void {
    this.info.endNanos = this.proxy.nowNanos();
    this.proxy.accessLog.push({
      method: textOf(this.requestFields.find(":method") ?? ""),
      path: textOf(this.requestFields.find(":path") ?? ""),
      status: this.loggedStatus,
      details: this.details ?? "",
    });
    this.proxy.letGo();
    this.decoding.abort();
    this.encoding.abort();
    for (const filter of this.filters) filter.log();
    for (const logger of this.accessLoggers) logger.log(this);
    for (const filter of this.filters) filter.delete();
  }
}

/** Envoy sends whatever a filter says, of which a client cannot make a response. */
function noResponse(status: number): HarnessError {
  return new HarnessError(
    "internal",
    `the response has the status ${status}, and is none for a client: a filter answers by 100 to 999`,
  );
}

/** How long an answer takes; without one, until the router gives it up. */
function delayOf(answer: OutgoingResponse | UpstreamFault): number {
  if (!isFault(answer)) return answer.delayMs;
  return answer.fault === "silence" ? routeTimeoutMs : 0;
}
