import { HeaderList } from "../header-list.ts";
import { BodyBuffer, concatBytes } from "./body-buffer.ts";

/** What travels through a chain of filters in one direction. */
export type StreamEvent =
  | { readonly kind: "headers"; readonly fields: HeaderList; readonly endOfStream: boolean }
  | { readonly kind: "data"; readonly bytes: Uint8Array; readonly endOfStream: boolean }
  | { readonly kind: "trailers"; readonly fields: HeaderList }
  | { readonly kind: "metadata"; readonly fields: HeaderList };

/** The headers of a message, on their way. */
export type HeadersEvent = Extract<StreamEvent, { kind: "headers" }>;

/**
 * What a filter says of an event: pass it on; hold it and show what follows; stop here until resumed; keep the data and
 * show it again with what follows; keep it and show what follows alone, which the sender sends when there is room; or lose
 * this piece of data.
 */
export type Verdict = "continue" | "hold" | "stop" | "buffer" | "watermark" | "drop";

/** The trailers that a filter may add to a stream which ends with the data that it is shown. */
export class NewTrailers {
  fields: HeaderList | null = null;

  /** As soon as a filter asks for the map to change it, the trailers are there, with or without fields. */
  create(): HeaderList {
    return (this.fields ??= new HeaderList());
  }
}

/** A filter as one direction of a stream sees it. */
export interface Stage {
  onHeaders(fields: HeaderList, endOfStream: boolean): Verdict;
  /** `newTrailers` is null when the stream does not end with this data. */
  onData(body: BodyBuffer, endOfStream: boolean, newTrailers: NewTrailers | null): Verdict;
  onTrailers(fields: HeaderList): Verdict;
  /** HTTP/2's METADATA; whatever a filter says, it goes on. */
  onMetadata(fields: HeaderList): void;
}

/** What a stage holds back, in the order in which it goes on. */
interface Held {
  headers: HeadersEvent | null;
  /** What came behind headers that are held. */
  readonly metadata: StreamEvent[];
  body: BodyBuffer | null;
  /** What is held of the body is not shown again, and the sender waits while it is too much. */
  isWatermarked: boolean;
  /** The body is all there. */
  isEnded: boolean;
  trailers: HeaderList | null;
}

/** A stage with what waits before it, and what it holds back. */
interface Station {
  readonly stage: Stage;
  readonly waiting: StreamEvent[];
  held: Held;
  isStopped: boolean;
  isBusy: boolean;
  resumeAsked: boolean;
  /** What its callback has just refused to pass on. */
  dropped: BodyBuffer | null;
}

/** Where the events of one direction end up. */
export interface Sink {
  deliver(event: StreamEvent): void;
  /** A stage buffers more than the proxy holds for it. */
  overflow(): void;
}

/** Envoy's default for `per_connection_buffer_limit_bytes`. */
const bufferLimitBytes = 1 << 20;

/**
 * One direction of a stream: events go through the stages in order and into the sink. A stopped stage keeps what it
 * stopped at, everything behind it waits, and `resume` lets both go, in order, as Envoy's filter manager does.
 */
export class Iteration {
  private readonly stations: readonly Station[];
  private readonly sink: Sink;
  private isAborted = false;

  constructor(stages: readonly Stage[], sink: Sink) {
    this.sink = sink;
    this.stations = stages.map((stage) => ({
      stage,
      waiting: [],
      held: nothing(),
      isStopped: false,
      isBusy: false,
      resumeAsked: false,
      dropped: null,
    }));
  }

  push(event: StreamEvent): void {
    this.deliver(0, event);
  }

  /** Nothing goes on from here: a local reply took over, or the stream was reset. */
  abort(): void {
    this.isAborted = true;
  }

  /** Lets go what a stage holds. Asked for inside the stage's own callback, it happens after it. */
  resume(stage: Stage): void {
    const index = this.stations.findIndex((station) => station.stage === stage);
    const station = this.stations[index];
    if (station === undefined || this.isAborted) return;
    if (station.isBusy) station.resumeAsked = true;
    else this.release(index, station);
  }

  /** The stage that holds the stream up, or null. */
  get stoppedAt(): Stage | null {
    return this.stations.find(({ isStopped, held }) => isStopped || isHolding(held))?.stage ?? null;
  }

  private deliver(index: number, event: StreamEvent): void {
    if (this.isAborted) return;
    const station = this.stations[index];
    if (station === undefined) return this.sink.deliver(event);
    station.waiting.push(event);
    this.pump(index, station);
  }

  private pump(index: number, station: Station): void {
    while (!station.isStopped && !station.isBusy && !this.isAborted) {
      const event = station.waiting.shift();
      if (event === undefined) return;
      this.show(index, station, event);
    }
  }

  private show(index: number, station: Station, event: StreamEvent): void {
    if (event.kind === "metadata") return this.showMetadata(index, station, event);
    station.isBusy = true;
    const goesOn = showEvent(station, event);
    if (station.dropped !== null && !this.isAborted) station.dropped.bytes = new Uint8Array();
    station.dropped = null;
    station.isBusy = false;
    if (goesOn) return this.release(index, station);
    if (station.resumeAsked) return this.resumeAfter(index, station, event);
    const { body, isWatermarked } = station.held;
    if (!isWatermarked && (body?.bytes.length ?? 0) > bufferLimitBytes) this.sink.overflow();
  }

  /**
   * What a callback both stops and resumes goes on. Headers go on before the callback has returned that it stops: what
   * comes behind them stays.
   */
  private resumeAfter(index: number, station: Station, event: StreamEvent): void {
    const { isStopped } = station;
    const isLast = event.kind === "headers" && event.endOfStream;
    if (event.kind !== "headers" || isLast || !isStopped) return this.release(index, station);
    const events = eventsOf(station.held);
    station.held = nothing();
    station.resumeAsked = false;
    for (const held of events) this.deliver(index + 1, held);
  }

  private showMetadata(
    index: number,
    { stage, held }: Station,
    event: Extract<StreamEvent, { kind: "metadata" }>,
  ): void {
    stage.onMetadata(event.fields);
    if (held.headers === null) this.deliver(index + 1, event);
    else held.metadata.push(event);
  }

  private release(index: number, station: Station): void {
    const events = eventsOf(station.held);
    if (station.held.body !== null && !this.isAborted) station.held.body.bytes = new Uint8Array(); // it is on its way
    station.held = nothing();
    station.isStopped = false;
    station.resumeAsked = false;
    for (const event of events) this.deliver(index + 1, event);
    this.pump(index, station);
  }
}

/** Shows an event to a stage, and adds it to what the stage holds; whether all of that goes on now. */
function showEvent(station: Station, event: Exclude<StreamEvent, { kind: "metadata" }>): boolean {
  if (event.kind === "data") return showData(station, event);
  const { stage, held } = station;
  if (event.kind === "headers") held.headers = event;
  else held.trailers = event.fields;
  const verdict =
    event.kind === "headers"
      ? stage.onHeaders(event.fields, event.endOfStream)
      : stage.onTrailers(event.fields);
  station.isStopped = verdict === "stop";
  return verdict === "continue";
}

function showData(station: Station, event: Extract<StreamEvent, { kind: "data" }>): boolean {
  const { stage, held } = station;
  const kept = held.body ?? new BodyBuffer(new Uint8Array());
  const body = held.isWatermarked ? new BodyBuffer(event.bytes) : kept;
  if (body === kept) body.bytes = concatBytes([kept.bytes, event.bytes]);
  const trailers = event.endOfStream ? new NewTrailers() : null;
  const verdict = stage.onData(body, event.endOfStream, trailers);
  if (verdict === "drop") {
    station.dropped = body;
    return false;
  }
  held.body = kept;
  if (body !== kept) kept.bytes = concatBytes([kept.bytes, body.bytes]);
  if (verdict === "watermark") held.body = new BodyBuffer(kept.bytes);
  if (verdict === "watermark") kept.bytes = body.bytes = new Uint8Array();
  held.isWatermarked = verdict === "watermark";
  held.isEnded = event.endOfStream;
  held.trailers = trailers?.fields ?? null;
  return verdict === "continue";
}

function nothing(): Held {
  return { headers: null, metadata: [], body: null, isWatermarked: false, isEnded: false, trailers: null };
}

function isHolding({ headers, body, trailers }: Held): boolean {
  return headers !== null || body !== null || trailers !== null;
}

function eventsOf({ headers, metadata, body, isEnded, trailers }: Held): StreamEvent[] {
  const events: StreamEvent[] = headers === null ? [] : [headers, ...metadata];
  if (body !== null) {
    events.push({ kind: "data", bytes: body.bytes, endOfStream: isEnded && trailers === null });
  }
  if (trailers !== null) events.push({ kind: "trailers", fields: trailers });
  return events;
}
