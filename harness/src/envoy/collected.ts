import { observingNothing, type Observing } from "../backend.ts";
import { detailsOf } from "../collector/details-of.ts";
import type { AccessLogEntry } from "../observation.ts";
import type { Span, SpanAttribute } from "../spans.ts";
import { withoutListener, type LoggedStream } from "./access-log.ts";
import type { Envoy } from "./envoy.ts";
import type { Isolation } from "./isolation.ts";
import { spansSent } from "./observing-resources.ts";

/**
 * What an Envoy's collector has got for one of the users of that Envoy. Spans carry the user's mark, and entries of the
 * access log the keys of its streams, so that what comes late for another is nobody's.
 */
export class Collected {
  private readonly envoy: Envoy;
  private readonly isolation: Isolation;
  private observing = observingNothing;
  private sentBefore = 0n;

  constructor(envoy: Envoy, isolation: Isolation) {
    this.envoy = envoy;
    this.isolation = isolation;
  }

  /** This is asked for. */
  observe(observing: Observing): void {
    this.observing = observing;
  }

  /** What was said of streams so far is not this user's. */
  async begin(): Promise<void> {
    this.envoy.process.accessLog.begin(this.isolation.mark);
    this.envoy.collector.begin();
    if (this.observing.isTraced) this.sentBefore = await this.sent();
  }

  /** Resolves when everything has arrived that Envoy has sent of streams that are over. */
  async isComplete(): Promise<void> {
    const { spans, entries } = this.envoy.collector;
    if (this.observing.isTraced) {
      const count = await this.sent();
      await spans.until(() => this.sentBefore + BigInt(this.arrivedSpans.length) >= count);
    }
    if (this.observing.accessLog !== null)
      await entries.until(() => this.streams.every(({ key }) => entries.of(key).length > 0));
  }

  /** What has not arrived yet, for messages. */
  unfinished(): string {
    const { entries } = this.envoy.collector;
    const missing = this.streams.filter(({ key }) => entries.of(key).length === 0);
    return `Envoy's collector has ${this.arrivedSpans.length} spans, and lacks ${missing.length} of ${this.streams.length} entries of the access log`;
  }

  /** The access log, with as much as was asked for. */
  get accessLog(): AccessLogEntry[] {
    return this.streams.map((stream) => this.detailed(withoutListener(stream.entry), stream));
  }

  /** As `accessLog`, with the names of the listeners. */
  get listenerAccessLog(): AccessLogEntry[] {
    return this.streams.map((stream) => this.detailed(stream.entry, stream));
  }

  /** The spans in the order of their starts, a parent before its children; null when nobody asked. */
  get spans(): Span[] | null {
    if (!this.observing.isTraced) return null;
    return this.arrivedSpans.map((span) => this.unmarked(span)).sort((a, b) => a.startMs - b.startMs);
  }

  private detailed(entry: AccessLogEntry, { responseFlags, key }: LoggedStream): AccessLogEntry {
    const [sent] = this.observing.accessLog === null ? [] : this.envoy.collector.entries.of(key);
    if (sent === undefined) return entry;
    const details = detailsOf(sent);
    const upstreamCluster = this.isolation.unmark(details.upstreamCluster);
    return { ...entry, ...details, responseFlags, upstreamCluster };
  }

  private unmarked(span: Span): Span {
    const unmark = (value: SpanAttribute): SpanAttribute =>
      typeof value === "string" ? this.isolation.unmark(value) : value;
    const attributes = Object.entries(span.attributes).map(([key, value]) => [key, unmark(value)] as const);
    return { ...span, name: this.isolation.unmark(span.name), attributes: Object.fromEntries(attributes) };
  }

  private get streams(): readonly LoggedStream[] {
    return this.envoy.process.accessLog.streams;
  }

  private get arrivedSpans(): readonly Span[] {
    return this.envoy.collector.spans.of(this.isolation.service);
  }

  private async sent(): Promise<bigint> {
    const counts = await this.envoy.admin.metrics(`^${spansSent.replaceAll(".", "\\.")}$`);
    return counts.get(spansSent) ?? 0n;
  }
}
