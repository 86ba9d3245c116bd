import { Counter, Histogram, SeriesTable } from "as-proxy-wasm";
import { Measure, MetricsConfiguration } from "./config";
import { EndedStream } from "./ended-stream";
import { LABELS, Label } from "./label";
import { errorName, Outcome, outcomeOf, OUTCOMES } from "./outcome";

/** The metrics of one combination of labels. */
export class RequestSeries {
  private readonly requests: Counter;
  private readonly duration: Histogram | null;
  private readonly requestSize: Histogram | null;
  private readonly responseSize: Histogram | null;
  private requestMessages: Counter | null = null;
  private responseMessages: Counter | null = null;
  private readonly errors: StaticArray<Counter | null> = new StaticArray<Counter | null>(OUTCOMES);

  constructor(
    private readonly prefix: string,
    private readonly labels: string,
    measures: i32,
  ) {
    this.requests = new Counter(prefix + ".requests_total" + labels);
    const has = measures;
    this.duration = (has & Measure.Duration) != 0 ? this.histogram(".request_duration_milliseconds") : null;
    this.requestSize = (has & Measure.RequestSize) != 0 ? this.histogram(".request_bytes") : null;
    this.responseSize = (has & Measure.ResponseSize) != 0 ? this.histogram(".response_bytes") : null;
  }

  /** Counts a stream that is over. */
  count(stream: EndedStream): void {
    this.requests.increment();
    this.countError(outcomeOf(stream.code, stream.flags, stream.grpcStatus));
    const duration = this.duration;
    if (duration !== null) duration.record(stream.durationMs);
    const requestSize = this.requestSize;
    if (requestSize !== null) requestSize.record(stream.requestBytes);
    const responseSize = this.responseSize;
    if (responseSize !== null) responseSize.record(stream.responseBytes);
  }

  /** Counts the messages of a gRPC stream that is over. */
  countMessages(ofRequest: u32, ofResponse: u32): void {
    let request = this.requestMessages;
    if (request === null) request = new Counter(this.prefix + ".request_messages_total" + this.labels);
    this.requestMessages = request;
    request.increment(ofRequest);
    let response = this.responseMessages;
    if (response === null) response = new Counter(this.prefix + ".response_messages_total" + this.labels);
    this.responseMessages = response;
    response.increment(ofResponse);
  }

  private countError(outcome: Outcome): void {
    if (outcome == Outcome.Answered) return;
    let errors = this.errors[outcome];
    if (errors === null) {
      const label = "{error=" + errorName(outcome) + "}";
      errors = new Counter(this.prefix + ".request_errors_total" + this.labels + label);
      this.errors[outcome] = errors;
    }
    errors.increment();
  }

  private histogram(name: string): Histogram {
    return new Histogram(this.prefix + name + this.labels);
  }
}

/** All series of a plugin. */
export class RequestTable extends SeriesTable<RequestSeries> {
  constructor(private readonly config: MetricsConfiguration) {
    super(config.statPrefix, namesOf(config), config.maxSeries);
  }

  protected make(labels: string): RequestSeries {
    return new RequestSeries(this.config.statPrefix, labels, this.config.measures);
  }
}

/** In the order in which their values are known: those of the request's headers first. */
function namesOf(config: MetricsConfiguration): string[] {
  const names: string[] = [];
  if (config.labels.includes(Label.Method)) names.push(LABELS[Label.Method]);
  if (config.labels.includes(Label.Path)) names.push(LABELS[Label.Path]);
  for (let i = 0; i < config.headers.length; i++) names.push(config.headers[i].label);
  for (let i = 0; i < config.labels.length; i++) {
    if (config.labels[i] > Label.Path) names.push(LABELS[config.labels[i]]);
  }
  return names;
}
