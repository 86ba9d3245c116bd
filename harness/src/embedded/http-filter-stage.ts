import { HeaderList } from "../header-list.ts";
import type { BodyBuffer } from "./body-buffer.ts";
import type { HttpFilter } from "./http-filter.ts";
import type { NewTrailers, Stage, Verdict } from "./iteration.ts";

export type Direction = "request" | "response";

/**
 * One direction of a stream as a plugin's filter sees it: events become callbacks, and what these return becomes verdicts.
 * Each field is what the filter can reach at the moment, and null outside its phase.
 */
export class HttpFilterStage implements Stage {
  headers: HeaderList | null = null;
  trailers: HeaderList | null = null;
  body: BodyBuffer | null = null;
  /** In the callback for the end of a body without trailers. */
  private newTrailers: NewTrailers | null = null;
  private readonly filter: HttpFilter;
  private readonly isRequest: boolean;
  private readonly callbacks: Callbacks;

  constructor(filter: HttpFilter, direction: Direction) {
    this.filter = filter;
    this.isRequest = direction === "request";
    this.callbacks = callbacks[direction];
  }

  onHeaders(fields: HeaderList, endOfStream: boolean): Verdict {
    const { filter } = this;
    if (this.isRequest) filter.create();
    if (filter.isDeaf) return "continue";
    this.headers = fields;
    filter.hasSeenEnd = endOfStream;
    const result = filter.steer(this.callbacks.headers, this.headersGiven(fields, endOfStream), 4);
    const verdict = this.headersVerdict(result);
    if (this.isPassedOn(verdict)) this.headers = null;
    return verdict;
  }

  onData(body: BodyBuffer, endOfStream: boolean, newTrailers: NewTrailers | null): Verdict {
    const { filter } = this;
    if (filter.isDeaf) return "continue";
    this.body = body;
    this.newTrailers = newTrailers;
    filter.hasSeenEnd = endOfStream;
    const parameters = [filter.id, body.bytes.length, Number(endOfStream)];
    const verdict = dataVerdict(filter.steer(this.callbacks.body, parameters, 3));
    this.newTrailers = null;
    this.trailers = newTrailers?.fields ?? null;
    if (this.isPassedOn(verdict)) this.body = null;
    return verdict;
  }

  onTrailers(fields: HeaderList): Verdict {
    const { filter } = this;
    if (filter.isDeaf) return "continue";
    this.trailers = fields;
    const result = filter.steer(this.callbacks.trailers, [filter.id, fields.size], 1);
    const verdict = result === 0 ? "continue" : "stop";
    if (this.isPassedOn(verdict)) this.trailers = null;
    return verdict;
  }

  onMetadata(fields: HeaderList): void {
    const { filter } = this;
    if (!filter.isDeaf) filter.tell(this.callbacks.metadata, [filter.id, fields.size]);
  }

  get readableTrailers(): HeaderList | null {
    return this.trailers ?? this.newTrailers?.fields ?? null;
  }

  get mutableTrailers(): HeaderList | null {
    return this.trailers ?? this.newTrailers?.create() ?? this.lateTrailers();
  }

  /** What it could reach is gone. */
  forget(): void {
    this.headers = null;
    this.trailers = null;
    this.body = null;
    this.newTrailers = null;
  }

  /** Envoy makes trailers whenever it has seen an end, of whichever message, and the body was not let go: to no effect. */
  private lateTrailers(): HeaderList | null {
    if (this.body === null || !this.filter.hasSeenEnd) return null;
    return (this.trailers = new HeaderList());
  }

  private isPassedOn(verdict: Verdict): boolean {
    return verdict === "continue" && !this.filter.stream.isReset;
  }

  /** ABI 0.1.0 is not told whether anything follows. */
  private headersGiven({ size }: HeaderList, endOfStream: boolean): number[] {
    const { id, root } = this.filter;
    return root.vm.abiVersion === "0.1.0" ? [id, size] : [id, size, Number(endOfStream)];
  }

  /** ContinueAndEndStream (2) acts as Continue in Envoy 1.40; whatever it does not know stops. */
  private headersVerdict(result: number): Verdict {
    if (result === 0 || result === 2) return "continue";
    return result === 1 && this.filter.root.plugin.allowOnHeadersStopIteration ? "hold" : "stop";
  }
}

type Callbacks = (typeof callbacks)[Direction];

/** Names that are put together are looked up more slowly than those that stand in the source. */
const callbacks = {
  request: {
    headers: "proxy_on_request_headers",
    body: "proxy_on_request_body",
    trailers: "proxy_on_request_trailers",
    metadata: "proxy_on_request_metadata",
  },
  response: {
    headers: "proxy_on_response_headers",
    body: "proxy_on_response_body",
    trailers: "proxy_on_response_trailers",
    metadata: "proxy_on_response_metadata",
  },
} as const;

function dataVerdict(result: number): Verdict {
  if (result === 0) return "continue";
  if (result === 2) return "watermark";
  return result === 1 ? "buffer" : "drop";
}
