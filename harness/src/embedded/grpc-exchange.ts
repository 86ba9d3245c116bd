import type { GrpcReceivedCall } from "../grpc/call.ts";
import type { GrpcEvent } from "../grpc/messages.ts";
import type { GrpcUpstream } from "../grpc/upstream.ts";
import { HeaderList } from "../header-list.ts";
import {
  answerHeaders,
  brokenOff,
  closedByService,
  closedLocally,
  closedWithoutMessage,
  endFields,
  initialMetadata,
  localAnswer,
  overflown,
  receivedMessage,
  timedOut,
  timedOutLate,
  trailingMetadata,
  unreachable,
  type GrpcEndEvent,
  type GrpcPart,
  type LocalEnd,
} from "./grpc-messages.ts";
import type { RootContext } from "./root-context.ts";

/** What a guest has asked its host for. */
export interface GuestGrpc {
  readonly root: RootContext;
  readonly token: number;
  readonly isStream: boolean;
  readonly call: GrpcReceivedCall;
  /** How long a call waits; 0, as of a stream, for ever. */
  readonly timeoutMs: number;
}

/** Where an exchange goes on. */
export interface GrpcSurroundings {
  /** Lets something happen later; returns what takes it back. */
  after(delayMs: number, happen: () => void): () => void;
  /** Time stands still while a service is at work. */
  during(work: Promise<void>): void;
  /** The exchange is over, and its guest knows. */
  ended(): void;
  /** Nothing is sent any more. */
  over(): void;
}

/** A call or a stream that is open, between its guest and its service. */
export class GrpcExchange {
  readonly guest: GuestGrpc;
  private readonly surroundings: GrpcSurroundings;
  private events: AsyncGenerator<GrpcEvent, void> | null = null;
  private takeBack: Array<() => void> = [];
  private pulling: Promise<void> = Promise.resolve();
  private isPulling = false;
  private lastMessage: Uint8Array | null = null;
  private hasBegun = false;
  private isServed = false;
  private isOver = false;

  constructor(guest: GuestGrpc, surroundings: GrpcSurroundings) {
    this.guest = guest;
    this.surroundings = surroundings;
    const { timeoutMs } = guest;
    if (timeoutMs > 0) this.later(timeoutMs, () => this.expire());
  }

  /** Hands the request to the service, unless the guest gives it up in the callback in which it made it. */
  start(upstream: GrpcUpstream): void {
    this.pullWith(async () => {
      await Promise.resolve();
      if (!this.isOver) this.events = upstream.handle(this.guest.call);
    });
  }

  /** Too many are open: the service never hears of it. */
  overflow(): void {
    this.later(0, () => this.handOver(this.endedLocally(overflown)));
  }

  /** The guest has sent a message; the service may have waited for it. */
  send(message: Uint8Array): void {
    this.guest.call.push(message);
    this.work();
  }

  /** The guest will send no more. */
  halfClose(): void {
    this.guest.call.halfClose();
    this.work();
  }

  /** Whether the service has ended it, or the guest given it up. */
  get hasEnded(): boolean {
    return this.isOver;
  }

  /** The guest gives it up. */
  cancel(): void {
    if (!this.isOver && !this.isServed) this.guest.call.cancel();
    this.end();
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.surroundings.over();
    for (const takeBack of this.takeBack.splice(0)) takeBack();
    void this.events?.return();
  }

  private later(delayMs: number, happen: () => void): void {
    this.takeBack.push(
      this.surroundings.after(delayMs, () => {
        if (this.isOver) return;
        happen();
        if (this.isOver) this.surroundings.ended();
      }),
    );
  }

  private deliver(event: GrpcEvent): void {
    this.isServed = event.kind === "end" || event.kind === "fault";
    this.handOver(this.partsOf(event));
    if (!this.isOver) this.pullWith();
  }

  /** A call has waited long enough. */
  private expire(): void {
    this.guest.call.cancel();
    this.handOver(this.hasBegun ? [timedOutLate] : this.endedLocally(timedOut));
  }

  /** A cancel in one of the callbacks spares the guest the others. */
  private handOver(parts: readonly GrpcPart[]): void {
    const { root, token } = this.guest;
    const isLast = parts.some(({ callback }) => this.isEnd(callback));
    for (const part of parts) {
      if (this.isOver) return;
      if (part === parts.at(-1) && isLast) this.end();
      root.answerGrpc(token, part);
    }
  }

  private isEnd(callback: string): boolean {
    return callback === "proxy_on_grpc_close" || !this.guest.isStream;
  }

  private pullWith(before: () => Promise<void> = async () => undefined): void {
    this.isPulling = true;
    this.pulling = before()
      .then(() => this.pull())
      .finally(() => (this.isPulling = false));
    this.work();
  }

  /** The service is at work until it has done something, or waits for the guest. */
  private work(): void {
    if (this.isPulling) this.surroundings.during(Promise.race([this.pulling, this.guest.call.idle()]));
  }

  private async pull(): Promise<void> {
    for (let delayMs = 0; this.events !== null && !this.isOver;) {
      const { done, value: event } = await this.events.next();
      if (done === true || this.isOver) return;
      if (event.kind !== "delay") return this.later(delayMs, () => this.deliver(event));
      delayMs += event.delayMs;
    }
  }

  /** The callbacks that an event comes to. Of a call only the last one is. */
  private partsOf(event: GrpcEvent): GrpcPart[] {
    switch (event.kind) {
      case "delay":
        return [];
      case "initial":
        return this.begun(event.metadata);
      case "message":
        this.lastMessage = event.bytes;
        return [...this.begun(new HeaderList()), ...this.ofStream(receivedMessage(event.bytes))];
      case "end":
        return this.guest.isStream ? this.endOfStream(event) : [this.endOfCall(event)];
      case "fault":
        if (event.fault === "silence") return [];
        if (!this.hasBegun) return this.endedLocally(unreachable(event.fault));
        return [...this.ofStream(trailingMetadata(new HeaderList())), brokenOff];
    }
  }

  private begun(metadata: HeaderList): GrpcPart[] {
    if (this.hasBegun) return [];
    this.hasBegun = true;
    return this.ofStream(initialMetadata(answerHeaders(metadata, this.guest.call.isHalfClosed)));
  }

  private endOfCall(event: GrpcEndEvent): GrpcPart {
    if (event.status !== 0) return closedByService(event);
    return this.lastMessage === null ? closedWithoutMessage : receivedMessage(this.lastMessage);
  }

  /** An answer that is its end alone has its trailing metadata in one block with what begins an answer. */
  private endOfStream(event: GrpcEndEvent): GrpcPart[] {
    const fields = endFields(event);
    const before = this.hasBegun ? [] : [initialMetadata(new HeaderList())];
    const trailing = trailingMetadata(
      this.hasBegun ? fields : answerHeaders(fields, this.guest.call.isHalfClosed),
    );
    return [...before, trailing, closedByService(event)];
  }

  private endedLocally(end: LocalEnd): GrpcPart[] {
    return [...localAnswer(end).flatMap((part) => this.ofStream(part)), closedLocally(end)];
  }

  /** A call's guest sees only how it ends. */
  private ofStream(part: GrpcPart): GrpcPart[] {
    return this.guest.isStream ? [part] : [];
  }
}
