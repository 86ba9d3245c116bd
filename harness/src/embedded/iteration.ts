import { HeaderList } from "../header-list.ts";
import { BodyBuffer, concatBytes } from "./body-buffer.ts";

/** What travels through a chain of filters in one direction. */
export type StreamEvent =
  | { readonly kind: "headers"; readonly fields: HeaderList; readonly endOfStream: boolean }
  | { readonly kind: "data"; readonly bytes: Uint8Array; readonly endOfStream: boolean }
  | { readonly kind: "trailers"; readonly fields: HeaderList };

/**
 * What a filter says of an event: pass it on; stop here until resumed; keep the data and show it again with what
 * follows; or lose this piece of data.
 */
export type Verdict = "continue" | "stop" | "buffer" | "drop";

/** A filter as one direction of a stream sees it. */
export interface Stage {
  onHeaders(fields: HeaderList, endOfStream: boolean): Verdict;
  /** `newTrailers` takes the trailers that a filter adds to a stream which ends with this data; else null. */
  onData(body: BodyBuffer, endOfStream: boolean, newTrailers: HeaderList | null): Verdict;
  onTrailers(fields: HeaderList): Verdict;
}

/** A stage with what waits before it, and what it holds back. */
interface Station {
  readonly stage: Stage;
  readonly waiting: StreamEvent[];
  held: StreamEvent[];
  buffered: Uint8Array | null;
  isStopped: boolean;
  isBusy: boolean;
  resumeAsked: boolean;
}

/**
 * One direction of a stream: events go through the stages in order and into the sink. A stopped stage keeps what it
 * stopped at, everything behind it waits, and `resume` lets both go, in order, as Envoy's filter manager does.
 */
export class Iteration {
  private readonly stations: readonly Station[];
  private readonly sink: (event: StreamEvent) => void;
  private isAborted = false;

  constructor(stages: readonly Stage[], sink: (event: StreamEvent) => void) {
    this.sink = sink;
    this.stations = stages.map((stage) => ({
      stage,
      waiting: [],
      held: [],
      buffered: null,
      isStopped: false,
      isBusy: false,
      resumeAsked: false,
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
    return this.stations.find(({ isStopped, buffered }) => isStopped || buffered !== null)?.stage ?? null;
  }

  private deliver(index: number, event: StreamEvent): void {
    if (this.isAborted) return;
    const station = this.stations[index];
    if (station === undefined) return this.sink(event);
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
    station.isBusy = true;
    const passed = event.kind === "data" ? this.showData(station, event) : this.showFields(station, event);
    station.isBusy = false;
    for (const each of passed) this.deliver(index + 1, each);
    if (!station.resumeAsked) return;
    station.resumeAsked = false;
    this.release(index, station);
  }

  private showFields(station: Station, event: Exclude<StreamEvent, { kind: "data" }>): StreamEvent[] {
    const verdict =
      event.kind === "headers"
        ? station.stage.onHeaders(event.fields, event.endOfStream)
        : station.stage.onTrailers(event.fields);
    if (verdict === "continue") return event.kind === "headers" ? [event] : [...takeBuffered(station), event];
    station.isStopped = true;
    station.held = [...takeBuffered(station), event];
    return [];
  }

  private showData(station: Station, event: Extract<StreamEvent, { kind: "data" }>): StreamEvent[] {
    const body = new BodyBuffer(concatBytes([station.buffered ?? new Uint8Array(), event.bytes]));
    station.buffered = null;
    const trailers = event.endOfStream ? new HeaderList() : null;
    const verdict = station.stage.onData(body, event.endOfStream, trailers);
    if (verdict === "drop") return [];
    const addsTrailers = trailers !== null && trailers.size > 0;
    const shown: StreamEvent[] = [
      { kind: "data", bytes: body.bytes, endOfStream: event.endOfStream && !addsTrailers },
    ];
    if (addsTrailers) shown.push({ kind: "trailers", fields: trailers });
    if (verdict === "continue") return shown;
    if (event.endOfStream) {
      station.isStopped = true;
      station.held = shown;
    } else station.buffered = body.bytes;
    return [];
  }

  private release(index: number, station: Station): void {
    const events = [...station.held, ...takeBuffered(station)];
    station.held = [];
    station.isStopped = false;
    for (const event of events) this.deliver(index + 1, event);
    this.pump(index, station);
  }
}

function takeBuffered(station: Station): StreamEvent[] {
  if (station.buffered === null) return [];
  const bytes = station.buffered;
  station.buffered = null;
  return [{ kind: "data", bytes, endOfStream: false }];
}
