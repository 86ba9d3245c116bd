import type { HeaderList } from "../header-list.ts";
import type { BodyBuffer } from "./body-buffer.ts";
import { BufferType, HeaderMapType, type GuestContext } from "./context.ts";
import { HttpFilterStage, type Direction } from "./http-filter-stage.ts";
import type { HttpStream } from "./http-stream.ts";
import type { RootContext } from "./root-context.ts";

/** One plugin's filter on one stream. Its context is created in the guest by the first callback that it gets. */
export class HttpFilter implements GuestContext {
  readonly id: number;
  readonly root: RootContext;
  readonly stream: HttpStream;
  readonly network = null;
  /** The filter as a stage of the request's way, and of the response's. */
  readonly request: HttpFilterStage;
  readonly response: HttpFilterStage;
  isLogging = false;
  /** Whether the last headers or data that it was shown were the end of their message. */
  hasSeenEnd = false;
  private isCreated = false;
  /** Its VM has died, and the stream was answered because of that: the answer passes it by. */
  private hasFailed = false;

  constructor(root: RootContext, stream: HttpStream) {
    this.id = root.vm.nextContextId();
    this.root = root;
    this.stream = stream;
    this.request = new HttpFilterStage(this, "request");
    this.response = new HttpFilterStage(this, "response");
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
    if (type === HeaderMapType.RequestHeaders) return this.request.headers;
    if (type === HeaderMapType.ResponseHeaders) return this.response.headers;
    if (type === HeaderMapType.RequestTrailers) return this.request.readableTrailers;
    return type === HeaderMapType.ResponseTrailers
      ? this.response.readableTrailers
      : this.root.readableFields(type);
  }

  mutableFields(type: number): HeaderList | null {
    if (type === HeaderMapType.RequestHeaders) return this.request.headers;
    if (type === HeaderMapType.ResponseHeaders) return this.response.headers;
    if (type === HeaderMapType.RequestTrailers) return this.request.mutableTrailers;
    return type === HeaderMapType.ResponseTrailers ? this.response.mutableTrailers : null;
  }

  buffer(type: number): BodyBuffer | null {
    if (type === BufferType.HttpRequestBody) return this.request.body;
    if (type === BufferType.HttpResponseBody) return this.response.body;
    return this.root.buffer(type);
  }

  /** Continues a direction that this filter holds; what it could reach there is gone. */
  resume(direction: Direction): void {
    const stage = this[direction];
    stage.forget();
    this.stream.resume(direction, stage);
  }

  /** The access log's moment: the context is created for it when no callback came before. */
  log(): void {
    this.create();
    this.isLogging = true;
    this.tell("proxy_on_log", [this.id]);
    this.isLogging = false;
  }

  delete(): void {
    if (!this.isCreated) return;
    this.orFail(this.root.vm.call(this, "proxy_on_done", [this.id], 1));
    this.tell("proxy_on_delete", [this.id]);
    this.root.vm.contexts.delete(this.id);
  }

  create(): void {
    if (this.isCreated) return;
    this.isCreated = true;
    this.root.vm.contexts.add(this);
    this.tell("proxy_on_context_create", [this.id, this.root.id]);
  }

  /** Whether it is shown nothing. */
  get isDeaf(): boolean {
    return !this.isCreated || this.hasFailed;
  }

  /** Makes a callback whose result says whether the stream goes on; `stop` is what it says after a local reply. */
  steer(name: string, parameters: readonly number[], stop: number): number {
    return this.orFail(this.root.vm.steer(this, name, parameters, stop));
  }

  /** Makes a callback that has no result. */
  tell(name: string, parameters: readonly number[]): void {
    this.orFail(this.root.vm.call(this, name, parameters, 0));
  }

  /** A callback whose VM is dead, or dies of it, fails the stream; the reply to that passes a filter that is no more. */
  private orFail(result: number | null): number {
    if (result === null && !this.hasFailed) {
      this.hasFailed = true;
      this.stream.fail();
    }
    return result ?? 0;
  }
}
