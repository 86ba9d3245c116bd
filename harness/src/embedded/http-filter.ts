import { HeaderList } from "../header-list.ts";
import type { BodyBuffer } from "./body-buffer.ts";
import { BufferType, HeaderMapType, type GuestContext } from "./context.ts";
import type { HttpStream } from "./http-stream.ts";
import type { NewTrailers, Stage, Verdict } from "./iteration.ts";
import type { RootContext } from "./root-context.ts";

export type Direction = "request" | "response";

/** What a filter can reach at the moment; a field is null outside its phase. */
interface Reach {
  headers: HeaderList | null;
  trailers: HeaderList | null;
  body: BodyBuffer | null;
  /** In the callback for the end of a body without trailers. */
  newTrailers: NewTrailers | null;
}

/**
 * One plugin's filter on one stream: it turns events into callbacks, and the callbacks' results into verdicts. Its
 * context is created in the guest by the first callback that it gets.
 */
export class HttpFilter implements GuestContext {
  readonly id: number;
  readonly root: RootContext;
  readonly stream: HttpStream;
  readonly network = null;
  /** The filter as a stage of the request's way, and of the response's. */
  readonly stages: Readonly<Record<Direction, Stage>>;
  private readonly reach: Readonly<Record<Direction, Reach>> = { request: nothing(), response: nothing() };
  private isCreated = false;
  isLogging = false;
  private hasSeenEnd = false;

  constructor(root: RootContext, stream: HttpStream) {
    this.id = root.vm.nextContextId();
    this.root = root;
    this.stream = stream;
    this.stages = { request: this.stage("request"), response: this.stage("response") };
  }

  get filter(): HttpFilter {
    return this;
  }

  get logSource(): string {
    const { name } = this.root.plugin;
    return [name, this.root.logSource].filter((part) => part !== "").join(" ");
  }

  readableFields(type: number): HeaderList | null {
    if (this.isLogging) return this.stream.loggedFields(type);
    const direction = directionOf[type];
    if (direction === undefined) return this.root.readableFields(type);
    const { headers, trailers, newTrailers } = this.reach[direction];
    return isTrailers(type) ? (trailers ?? newTrailers?.fields ?? null) : headers;
  }

  mutableFields(type: number): HeaderList | null {
    const direction = directionOf[type];
    if (direction === undefined) return null;
    const { headers, trailers, newTrailers } = this.reach[direction];
    return isTrailers(type) ? (trailers ?? newTrailers?.create() ?? this.lateTrailers(direction)) : headers;
  }

  buffer(type: number): BodyBuffer | null {
    if (type === BufferType.HttpRequestBody) return this.reach.request.body;
    if (type === BufferType.HttpResponseBody) return this.reach.response.body;
    return this.root.buffer(type);
  }

  /** Continues a direction that this filter holds; what it could reach there is gone. */
  resume(direction: Direction): void {
    Object.assign(this.reach[direction], nothing());
    this.stream.resume(direction, this.stages[direction]);
  }

  /** The access log's moment: the context is created for it when no callback came before. */
  log(): void {
    this.create();
    this.isLogging = true;
    this.call("proxy_on_log", [], 0);
    this.isLogging = false;
  }

  delete(): void {
    if (!this.isCreated) return;
    this.call("proxy_on_done", [], 1);
    this.call("proxy_on_delete", [], 0);
    this.root.vm.contexts.delete(this.id);
  }

  /** Envoy makes trailers whenever it has seen an end, of whichever message, and the body was not let go: to no effect. */
  private lateTrailers(direction: Direction): HeaderList | null {
    const reach = this.reach[direction];
    if (reach.body === null || !this.hasSeenEnd) return null;
    return (reach.trailers = new HeaderList());
  }

  private create(): void {
    if (this.isCreated) return;
    this.isCreated = true;
    this.root.vm.contexts.set(this.id, this);
    this.call("proxy_on_context_create", [this.root.id], 0);
  }

  private stage(direction: Direction): Stage {
    const reach = (): Reach => this.reach[direction];
    const { stream } = this;
    return {
      onHeaders: (fields, endOfStream) => {
        if (direction === "request") this.create();
        if (!this.isCreated) return "continue";
        reach().headers = fields;
        this.hasSeenEnd = endOfStream;
        const result = this.steer(`proxy_on_${direction}_headers`, [fields.size, Number(endOfStream)], 4);
        const verdict = this.headersVerdict(result);
        if (verdict === "continue" && !stream.isReset) reach().headers = null;
        return verdict;
      },
      onData: (body, endOfStream, newTrailers) => {
        if (!this.isCreated) return "continue";
        reach().body = body;
        reach().newTrailers = newTrailers;
        this.hasSeenEnd = endOfStream;
        const parameters = [body.bytes.length, Number(endOfStream)];
        const verdict = dataVerdict(this.steer(`proxy_on_${direction}_body`, parameters, 3));
        reach().newTrailers = null;
        reach().trailers = newTrailers?.fields ?? null;
        if (verdict === "continue" && !stream.isReset) reach().body = null;
        return verdict;
      },
      onTrailers: (fields) => {
        if (!this.isCreated) return "continue";
        reach().trailers = fields;
        const verdict =
          this.steer(`proxy_on_${direction}_trailers`, [fields.size], 1) === 0 ? "continue" : "stop";
        if (verdict === "continue" && !stream.isReset) reach().trailers = null;
        return verdict;
      },
      onMetadata: (fields) => {
        if (this.isCreated) this.call(`proxy_on_${direction}_metadata`, [fields.size], 0);
      },
    };
  }

  /** A callback whose result says whether the stream goes on; `stop` is what it says after a local reply. */
  private steer(name: string, parameters: readonly number[], stop: number): number {
    return this.orFail(this.root.vm.steer(this, name, [this.id, ...parameters], stop));
  }

  /** ContinueAndEndStream (2) acts as Continue in Envoy 1.40; whatever it does not know stops. */
  private headersVerdict(result: number): Verdict {
    if (result === 0 || result === 2) return "continue";
    return result === 1 && this.root.plugin.allowOnHeadersStopIteration ? "hold" : "stop";
  }

  /** A callback whose VM is dead, or dies of it, fails the stream; the reply to that passes a filter that is no more. */
  private call(name: string, parameters: readonly number[], absent: number): number {
    return this.orFail(this.root.vm.call(this, name, [this.id, ...parameters], absent));
  }

  private orFail(result: number | null): number {
    if (result === null) this.stream.fail();
    return result ?? 0;
  }
}

function nothing(): Reach {
  return { headers: null, trailers: null, body: null, newTrailers: null };
}

const directionOf: Readonly<Record<number, Direction>> = {
  [HeaderMapType.RequestHeaders]: "request",
  [HeaderMapType.RequestTrailers]: "request",
  [HeaderMapType.ResponseHeaders]: "response",
  [HeaderMapType.ResponseTrailers]: "response",
};

function isTrailers(type: number): boolean {
  return type === HeaderMapType.RequestTrailers || type === HeaderMapType.ResponseTrailers;
}

function dataVerdict(result: number): Verdict {
  if (result === 0) return "continue";
  if (result === 2) return "watermark";
  return result === 1 ? "buffer" : "drop";
}
