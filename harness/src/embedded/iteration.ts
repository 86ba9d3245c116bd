import { HeaderList } from "../header-list.ts";
import { BodyBuffer, joinBytes, noBytes } from "./body-buffer.ts";

/** What travels through a chain of filters in one direction. */
export type StreamEvent =
  | { readonly kind: "headers"; readonly fields: HeaderList; readonly endOfStream: boolean }
  | DataEvent
  | { readonly kind: "trailers"; readonly fields: HeaderList }
  | { readonly kind: "metadata"; readonly fields: HeaderList };

/** A piece of a body. */
interface DataEvent {
  readonly kind: "data";
  readonly bytes: Uint8Array;
  readonly endOfStream: boolean;
  /** The proxy's own buffer, when some filter has stopped it: no other filter can lose it, and all see what becomes of it. */
  readonly kept?: BodyBuffer;
}

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
  metadata: readonly StreamEvent[];
  body: BodyBuffer | null;
  /** What is held of the body is not shown again, and the sender waits while it is too much. */
  isWatermarked: boolean;
  /** The body is all there. */
  isEnded: boolean;
  trailers: HeaderList | null;
  /** The stage has stopped since anything went on. */
  hasStopped: boolean;
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
    if (station === undefined) return this.take(event);
    if (isIdle(station)) this.show(index, station, event);
    else station.waiting.push(event);
    this.pump(index, station);
  }

  private take(event: StreamEvent): void {
    if (event.kind === "data" && event.kept !== undefined) event.kept.bytes = noBytes;
    this.sink.deliver(event);
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
    if (station.dropped !== null && !this.isAborted) station.dropped.bytes = noBytes;
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
    else held.metadata = [...held.metadata, event];
  }

  private release(index: number, station: Station): void {
    const { held } = station;
    if (station.isStopped) keep(station.waiting);
    station.isStopped = false;
    station.resumeAsked = false;
    if (held.headers !== null && held.body === null && held.metadata.length === 0 && held.trailers === null) {
      const { headers } = held; // nothing else is held most of the time
      held.headers = null;
      this.deliver(index + 1, headers);
    } else this.releaseAll(index, station);
    this.pump(index, station);
  }

  private releaseAll(index: number, station: Station): void {
    const { held } = station;
    const only = onlyDataOf(held);
    const events = only === null ? eventsOf(held) : [];
    if (held.body !== null && !held.hasStopped && !this.isAborted) held.body.bytes = noBytes; // it is on its way
    station.held = nothing();
    if (only !== null) return this.deliver(index + 1, only);
    for (const event of events) this.deliver(index + 1, event);
  }
}

/** What comes is not behind anything. */
function isIdle({ waiting, isStopped, isBusy }: Station): boolean {
  return waiting.length === 0 && !isStopped && !isBusy;
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
  if (verdict !== "continue") held.hasStopped = true;
  return verdict === "continue";
}

/** What waits before a stage that has stopped everything is in the proxy's buffer: a body in one piece, up to its limit. */
function keep(waiting: StreamEvent[]): void {
  for (const event of waiting.splice(0)) {
    const last = waiting.at(-1);
    if (event.kind !== "data") waiting.push(event);
    else if (last?.kind !== "data" || (last.kept?.bytes.length ?? 0) > bufferLimitBytes)
      waiting.push({ ...event, kept: event.kept ?? new BodyBuffer(event.bytes) });
    else waiting[waiting.length - 1] = joined(last, event);
  }
}

function joined(first: DataEvent, { bytes, kept, endOfStream }: DataEvent): DataEvent {
  const whole = first.kept ?? new BodyBuffer(first.bytes);
  if (whole !== kept) whole.bytes = joinBytes(whole.bytes, kept?.bytes ?? bytes);
  return { kind: "data", bytes: whole.bytes, endOfStream, kept: whole };
}

function showData(station: Station, event: DataEvent): boolean {
  const { stage, held } = station;
  const isInBuffer = event.kept !== undefined || (held.body !== null && !held.isWatermarked);
  const kept = held.body ?? event.kept ?? new BodyBuffer(noBytes);
  const body = held.isWatermarked ? new BodyBuffer(event.bytes) : kept;
  if (body === kept && kept !== event.kept) body.bytes = joinBytes(kept.bytes, event.bytes);
  const trailers = event.endOfStream ? new NewTrailers() : null;
  const verdict = stage.onData(body, event.endOfStream, trailers);
  const isPassedOn = verdict === "continue";
  held.hasStopped = held.hasStopped || event.kept !== undefined || !isPassedOn;
  if (verdict === "drop" && !isInBuffer) {
    station.dropped = body;
    if (event.endOfStream) held.body ??= new BodyBuffer(noBytes); // the end itself is not lost
    held.isEnded = event.endOfStream;
    return false;
  }
  if (body !== kept) body.bytes = joinBytes(kept.bytes, body.bytes);
  held.body = body;
  held.isWatermarked = verdict === "watermark" || verdict === "drop";
  if (held.isWatermarked && event.kept === undefined) {
    held.body = new BodyBuffer(body.bytes); // what the stage was shown has moved to the proxy's buffer
    body.bytes = noBytes;
  }
  held.isEnded = event.endOfStream;
  held.trailers = trailers?.fields ?? null;
  return isPassedOn;
}

const noEvents: readonly StreamEvent[] = [];

function nothing(): Held {
  return {
    headers: null,
    metadata: noEvents,
    body: null,
    isWatermarked: false,
    isEnded: false,
    trailers: null,
    hasStopped: false,
  };
}

function isHolding({ headers, body, trailers }: Held): boolean {
  return headers !== null || body !== null || trailers !== null;
}

function eventsOf(held: Held): StreamEvent[] {
  const { headers, metadata, body, trailers } = held;
  const events: StreamEvent[] = headers === null ? [] : [headers, ...metadata];
  if (body !== null) events.push(dataOf(held, body));
  if (trailers !== null) events.push({ kind: "trailers", fields: trailers });
  return events;
}

/** Data, when nothing else is held, as most of the time; else null. */
function onlyDataOf(held: Held): DataEvent | null {
  const { headers, body, trailers } = held;
  return body === null || headers !== null || trailers !== null ? null : dataOf(held, body);
}

function dataOf({ isEnded, trailers, hasStopped }: Held, body: BodyBuffer): DataEvent {
  const { bytes } = body;
  const endOfStream = isEnded && trailers === null;
  return hasStopped ? { kind: "data", bytes, endOfStream, kept: body } : { kind: "data", bytes, endOfStream };
}
