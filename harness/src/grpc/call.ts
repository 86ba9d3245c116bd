import type { HeaderList } from "../header-list.ts";

/**
 * A call as its service received it.
 *
 * @category Program the upstream
 */
export class GrpcReceivedCall {
  /** `/package.Service/Method`. */
  readonly method: string;
  /** The authority that the filter named, or the cluster's name. */
  readonly authority: string;
  /** The request's metadata, without what gRPC itself needs. */
  readonly metadata: HeaderList;
  /** The messages that have come so far. */
  readonly received: Uint8Array[] = [];
  private halfClosed = false;
  private cancelled = false;
  private isWaiting = false;
  private wake: () => void = () => undefined;
  private idling: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor({ method, authority, metadata }: Pick<GrpcReceivedCall, "method" | "authority" | "metadata">) {
    this.method = method;
    this.authority = authority;
    this.metadata = metadata;
  }

  /** Whether the client has said that no more messages will come. */
  get isHalfClosed(): boolean {
    return this.halfClosed;
  }

  /** Whether the client gave the call up before it had ended. */
  get isCancelled(): boolean {
    return this.cancelled;
  }

  /** The messages in their order, from the first one on, as they come; ends when the client half-closes or cancels. */
  get messages(): AsyncIterableIterator<Uint8Array> {
    return this.readMessages();
  }

  /** Resolves when the request is complete, or given up. */
  async complete(): Promise<void> {
    while (!this.halfClosed && !this.cancelled) await this.more();
  }

  /** For a backend, as all that follows: a message has come. @internal */
  push(message: Uint8Array): void {
    this.received.push(message);
    this.wakeUp();
  }

  /** For a backend: no more messages will come. @internal */
  halfClose(): void {
    this.halfClosed = true;
    this.wakeUp();
  }

  /** For a backend: the client has given the call up. @internal */
  cancel(): void {
    this.cancelled = true;
    this.wakeUp();
  }

  /** For a backend: the service will not say anything any more. @internal */
  fallSilent(): void {
    this.isWaiting = true;
    this.idling.resolve();
  }

  /** For a backend: whether the service waits for the client, and nothing will happen before it says something. @internal */
  get isIdle(): boolean {
    return this.isWaiting;
  }

  /** For a backend: resolves when the service begins to wait for the client. @internal */
  idle(): Promise<void> {
    return this.idling.promise;
  }

  private async *readMessages(): AsyncGenerator<Uint8Array, void> {
    for (let at = 0; !this.cancelled;) {
      const message = this.received[at];
      if (message !== undefined) {
        at++;
        yield message;
      } else if (this.halfClosed) return;
      else await this.more();
    }
  }

  private more(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      this.fallSilent();
    });
  }

  private wakeUp(): void {
    if (this.isWaiting) this.idling = Promise.withResolvers();
    this.isWaiting = false;
    this.wake();
  }
}
