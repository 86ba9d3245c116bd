import type { ClientDuplexStream, StatusObject } from "@grpc/grpc-js";
import { HarnessError } from "../errors.ts";
import type { GrpcMessage } from "../grpc/messages.ts";
import { HeaderList } from "../header-list.ts";
import { MessageQueue } from "../message-queue.ts";
import { fromMetadata } from "./grpc-metadata.ts";

/**
 * How a call ended.
 *
 * @category Send and receive
 */
export interface GrpcStatus {
  /** 0 to 16; 0 is OK. */
  readonly status: number;
  /** Empty when the service gave none. */
  readonly statusMessage: string;
  /** The trailing metadata; bytes under names that end in `-bin`. */
  readonly metadata: HeaderList;
}

/**
 * Everything that came back.
 *
 * @category Send and receive
 */
export interface GrpcReply extends GrpcStatus {
  /** The metadata before the first message; empty when there was none. */
  readonly initialMetadata: HeaderList;
  /** The first message; empty when there was none. */
  readonly message: Uint8Array;
  /** All of them, in their order. */
  readonly messages: readonly Uint8Array[];
}

/**
 * A call as its client has it. What comes waits to be taken, in its order.
 *
 * @category Send and receive
 */
export class GrpcClientCall {
  private readonly method: string;
  private readonly call: ClientDuplexStream<Buffer, Buffer>;
  private readonly queue = new MessageQueue<Uint8Array, GrpcStatus>();
  private readonly initial: PromiseWithResolvers<HeaderList> = Promise.withResolvers();
  private status: StatusObject | null = null;

  /** @internal */
  constructor(method: string, call: ClientDuplexStream<Buffer, Buffer>) {
    this.method = method;
    this.call = call;
    call.on("metadata", (metadata) => this.initial.resolve(fromMetadata(metadata)));
    call.on("data", (message: Buffer) => this.queue.push(new Uint8Array(message)));
    call.on("error", () => undefined); // it is the status once more
    call.on("status", (status) => this.finish((this.status = status)));
    call.on("end", () => this.finish(this.status));
  }

  /** The metadata before the first message; empty when the call ends without. */
  get initialMetadata(): Promise<HeaderList> {
    return this.initial.promise;
  }

  /** Resolves with how the call ended. */
  get ended(): Promise<GrpcStatus> {
    return this.queue.finished();
  }

  /** Sends a message; resolves when it has left, or when nobody wants it any more. */
  async send(message: GrpcMessage): Promise<void> {
    const left = new Promise<void>((resolve) => this.call.write(Buffer.from(message), () => resolve()));
    await Promise.race([left, this.ended]);
  }

  /** Sends no more; what the service sends still comes. */
  async end(): Promise<void> {
    this.call.end();
    await Promise.resolve();
  }

  /** Gives the call up: it ends with CANCELLED, 1. */
  cancel(): void {
    this.call.cancel();
  }

  /** Takes the next message. Refused with `internal` when the call ends before one comes. */
  receive(): Promise<Uint8Array> {
    return this.queue.next(({ status, statusMessage }) => {
      const why = statusMessage === "" ? "" : ` (${statusMessage})`;
      return new HarnessError(
        "internal",
        `${this.method} ended with ${status}${why}, and no message is left`,
      );
    });
  }

  /** Takes the messages as they come, until the call ends. */
  get messages(): AsyncIterableIterator<Uint8Array> {
    return this.queue.take();
  }

  /** Takes what is left, until the call has ended. */
  async reply(): Promise<GrpcReply> {
    const messages: Uint8Array[] = [];
    for await (const message of this.messages) messages.push(message);
    const [message = new Uint8Array()] = messages;
    return { ...(await this.ended), initialMetadata: await this.initialMetadata, message, messages };
  }

  /** It is over when both the last message and the status are there; which comes first is up to the library. */
  private finish(status: StatusObject | null): void {
    if (status === null || !this.call.readableEnded) return;
    this.initial.resolve(new HeaderList());
    this.queue.finish({
      status: status.code,
      statusMessage: status.details,
      metadata: fromMetadata(status.metadata),
    });
  }
}
