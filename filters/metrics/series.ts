import { Counter, Histogram, SeriesTable } from "as-proxy-wasm";
import { Measure, MetricsConfiguration } from "./config";
import { EndedStream } from "./ended-stream";
import { LABELS, Label } from "./label";
import { errorLabel, Outcome, outcomeOf, OUTCOMES } from "./outcome";

/** The messages of a gRPC stream are counted behind the errors, which are known by their outcome. */
const REQUEST_MESSAGES = OUTCOMES;
const RESPONSE_MESSAGES = OUTCOMES + 1;

/** The metrics of one combination of labels. */
export class RequestSeries {
  private readonly requests: Counter;
  private readonly duration: Histogram | null;
  private readonly requestSize: Histogram | null;
  private readonly responseSize: Histogram | null;
  /** Those that are made when they first count: errors by their outcome, then messages. */
  private readonly counters: StaticArray<Counter | null> = new StaticArray<Counter | null>(OUTCOMES + 2);

  constructor(
    private readonly prefix: string,
    private readonly labels: string,
    measures: i32,
  ) {
    this.requests = new Counter(prefix + ".requests_total" + labels);
    this.duration = this.histogram(measures & Measure.Duration, ".request_duration_milliseconds");
    this.requestSize = this.histogram(measures & Measure.RequestSize, ".request_bytes");
    this.responseSize = this.histogram(measures & Measure.ResponseSize, ".response_bytes");
  }

  /** Counts a stream that is over. */
  count(stream: EndedStream): void {
    this.requests.increment();
    const outcome = outcomeOf(stream.code, stream.flags, stream.grpcStatus);
    if (outcome != Outcome.Answered) this.add(outcome, ".request_errors_total", errorLabel(outcome), 1);
    const duration = this.duration;
    if (duration !== null) duration.record(stream.durationMs);
    const requestSize = this.requestSize;
    if (requestSize !== null) requestSize.record(stream.requestBytes);
    const responseSize = this.responseSize;
    if (responseSize !== null) responseSize.record(stream.responseBytes);
  }

  /** Counts the messages of a gRPC stream that is over. */
  countMessages(ofRequest: u32, ofResponse: u32): void {
    this.add(REQUEST_MESSAGES, ".request_messages_total", "", ofRequest);
    this.add(RESPONSE_MESSAGES, ".response_messages_total", "", ofResponse);
  }

  private add(index: i32, name: string, label: string, by: u32): void {
    let counter = this.counters[index];
    if (counter === null) {
      counter = new Counter(this.prefix + name + this.labels + label);
      this.counters[index] = counter;
    }
    counter.increment(by);
  }

  private histogram(isMeasured: i32, name: string): Histogram | null {
    return isMeasured != 0 ? new Histogram(this.prefix + name + this.labels) : null;
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
