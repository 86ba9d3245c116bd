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
  localTrailers,
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
  /** When a call has waited long enough; null for a stream. */
  readonly deadlineNanos: bigint | null;
}

/** What is on its way to the guest. */
interface Arrival {
  readonly dueNanos: bigint;
  readonly event: GrpcEvent;
}

/** A call or a stream that is open, between its guest and its service. */
export class GrpcExchange {
  readonly guest: GuestGrpc;
  private readonly nowNanos: () => bigint;
  private events: AsyncGenerator<GrpcEvent, void> | null = null;
  private arrival: Arrival | null = null;
  private pulling: Promise<void> = Promise.resolve();
  private isPulling = false;
  private lastMessage: Uint8Array | null = null;
  private hasBegun = false;
  private isServed = false;
  private isOver = false;

  constructor(guest: GuestGrpc, nowNanos: () => bigint) {
    this.guest = guest;
    this.nowNanos = nowNanos;
  }

  /** Hands the request to the service, unless the guest gives it up in the callback in which it made it. */
  start(upstream: GrpcUpstream): void {
    this.pullWith(async () => {
      await Promise.resolve();
      if (!this.isOver) this.events = upstream.handle(this.guest.call);
    });
  }

  /** When something is to be delivered; null while that depends on the guest. */
  get dueNanos(): bigint | null {
    if (this.isOver) return null;
    const { deadlineNanos } = this.guest;
    const due = this.arrival?.dueNanos ?? null;
    if (due === null || deadlineNanos === null) return due ?? deadlineNanos;
    return due < deadlineNanos ? due : deadlineNanos;
  }

  /** Whether the service is about to do something. */
  get isBusy(): boolean {
    return this.isPulling && !this.isOver && !this.guest.call.isIdle;
  }

  /** Whether the service has ended it, or the guest given it up. */
  get hasEnded(): boolean {
    return this.isOver;
  }

  /** Resolves when the service has done something, or waits for the guest. Refused with what its handler threw. */
  settled(): Promise<unknown> {
    return Promise.race([this.pulling, this.guest.call.idle()]);
  }

  /** Delivers what is due. */
  deliver(): void {
    const { arrival } = this;
    const { deadlineNanos } = this.guest;
    this.arrival = null;
    if (arrival !== null && (deadlineNanos === null || arrival.dueNanos < deadlineNanos)) {
      this.isServed = arrival.event.kind === "end" || arrival.event.kind === "fault";
      this.handOver(this.partsOf(arrival.event));
      if (!this.isOver) this.pullWith();
    } else {
      this.guest.call.cancel();
      this.handOver(this.hasBegun ? [timedOutLate] : this.endedLocally(timedOut));
    }
  }

  /** The guest gives it up. */
  cancel(): void {
    if (!this.isOver && !this.isServed) this.guest.call.cancel();
    this.end();
  }

  private end(): void {
    this.isOver = true;
    void this.events?.return();
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
    this.pulling.catch(() => undefined); // `settled` says it
  }

  private async pull(): Promise<void> {
    for (let delayMs = 0; this.events !== null && !this.isOver;) {
      const { done, value: event } = await this.events.next();
      if (done === true || this.isOver) return;
      if (event.kind === "delay") delayMs += event.delayMs;
      else {
        this.arrival = { event, dueNanos: this.nowNanos() + BigInt(delayMs) * 1_000_000n };
        return;
      }
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
    const before = [initialMetadata(new HeaderList()), localTrailers(end)];
    return [...before.flatMap((part) => this.ofStream(part)), closedLocally(end)];
  }

  /** A call's guest sees only how it ends. */
  private ofStream(part: GrpcPart): GrpcPart[] {
    return this.guest.isStream ? [part] : [];
  }
}
