import {
  AccessLogger,
  accessLogger,
  Action,
  Body,
  Bytes,
  HttpFilter,
  httpFilter,
  Plugin,
  RequestHeaders,
  ResponseHeaders,
  utf8,
  WorkerGauge,
} from "as-proxy-wasm";
import { AccessLogConfiguration, MetricsConfiguration } from "./config";
import { EndedStream } from "./ended-stream";
import { isGrpc, MessageCount } from "./grpc-messages";

/** What the streams of a plugin are counted with. */
export class MetricsPlugin extends Plugin<MetricsConfiguration> {
  private active: WorkerGauge | null = null;

  onConfigured(): void {
    this.active = WorkerGauge.of(this.config.statPrefix + ".active_requests");
  }

  /** A stream has begun. */
  begin(): void {
    const active = this.active;
    if (active !== null) active.add();
  }

  /** A stream that had begun is over. */
  end(): void {
    const active = this.active;
    if (active !== null) active.subtract();
  }
}

/** Counts each stream when it is over, and what is under way. */
@httpFilter("metrics")
export class Metrics extends HttpFilter<MetricsConfiguration, MetricsPlugin> {
  private isActive: bool = false;
  private labels: Bytes | null = null;
  private requestMessages: MessageCount | null = null;
  private responseMessages: MessageCount | null = null;

  onRequestHeaders(headers: RequestHeaders, endOfStream: bool): Action {
    this.isActive = true;
    this.plugin.begin();
    this.labels = this.config.recorder.requestLabels(headers);
    if (isGrpc(headers.get(utf8("content-type")))) this.requestMessages = new MessageCount();
    return Action.Continue;
  }

  onRequestBody(body: Body, endOfStream: bool): Action {
    const messages = this.requestMessages;
    if (messages !== null) messages.feed(body);
    return Action.Continue;
  }

  onResponseHeaders(headers: ResponseHeaders, endOfStream: bool): Action {
    if (this.requestMessages !== null && isGrpc(headers.get(utf8("content-type"))))
      this.responseMessages = new MessageCount();
    return Action.Continue;
  }

  onResponseBody(body: Body, endOfStream: bool): Action {
    const messages = this.responseMessages;
    if (messages !== null) messages.feed(body);
    return Action.Continue;
  }

  onLog(): void {
    const known = this.labels;
    const labels = known !== null ? known : this.config.recorder.requestLabels(this.requestHeaders);
    const request = this.requestMessages;
    const stream = new EndedStream(request !== null);
    const series = this.config.recorder.seriesOf(labels, stream);
    series.count(stream);
    if (request === null) return;
    const response = this.responseMessages;
    series.countMessages(request.messages, response === null ? 0 : response.messages);
  }

  onDone(): void {
    if (this.isActive) this.plugin.end();
  }
}

/** Counts each stream from the access log of a connection manager, which is told of those that no filter sees, too. */
@accessLogger("metrics-access-log")
export class MetricsAccessLog extends AccessLogger<AccessLogConfiguration> {
  onLog(): void {
    const recorder = this.config.recorder;
    const labels = recorder.requestLabels(this.requestHeaders);
    const stream = new EndedStream(isGrpc(this.requestHeaders.get(utf8("content-type"))));
    recorder.seriesOf(labels, stream).count(stream);
  }
}
