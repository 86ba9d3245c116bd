import { ClientStream, type Refusal, type StreamOwner } from "./client-stream.ts";
import type { ByteStream } from "./discovery-server.ts";
import { ExchangeRecord, type Exchange } from "./exchange.ts";
import type { Answer, Protocol } from "./protocol.ts";
import { completeTypes } from "./resource-types.ts";
import { Snapshot } from "./snapshot.ts";
import { Waiting } from "./waiting.ts";

/** A response that waits for its client's answer. */
export interface Unanswered {
  readonly node: string;
  readonly answer: Answer;
}

/** All streams of all clients, and what is served to them. */
export class ClientStreams implements StreamOwner {
  state = new Snapshot();
  /** The types whose changes wait until others are taken. */
  readonly held = new Set<string>();
  /** What was refused since this was emptied. */
  readonly refusals: Refusal[] = [];
  /** The `node.id` of the client that spoke last; empty before any did. */
  lastNode = "";
  readonly waiting = new Waiting();
  private readonly streams = new Set<ClientStream>();
  private readonly record_: ExchangeRecord;
  /** The types of which somebody wanted everything. */
  private readonly served = new Set<string>();
  private count = 0;

  constructor(recorded: number) {
    this.record_ = new ExchangeRecord(recorded);
  }

  get exchanges(): readonly Exchange[] {
    return this.record_.exchanges;
  }

  isHeld(typeUrl: string): boolean {
    return this.held.has(typeUrl);
  }

  record(exchange: Exchange): void {
    this.record_.add(exchange);
  }

  refused(refusal: Refusal): void {
    this.refusals.push(refusal);
  }

  /** Sends what clients do not have of a type. */
  push(typeUrl: string, renew: ReadonlySet<string>): void {
    for (const stream of this.streams) {
      stream.renew(typeUrl, renew);
      stream.push(typeUrl);
    }
  }

  /** What clients have not answered, of one type or all. */
  unanswered(typeUrl?: string): readonly Unanswered[] {
    const all = [...this.streams].flatMap(({ node, pending }) => pending.map((answer) => ({ node, answer })));
    return all.filter(({ answer }) => typeUrl === undefined || answer.typeUrl === typeUrl);
  }

  /** Whether there were clients for a type, or any type, and there are none. */
  isDeserted(typeUrl?: string): boolean {
    if (this.streams.size === 0) return this.count > 0;
    return typeUrl !== undefined && this.served.has(typeUrl) && !this.isSubscribed(typeUrl);
  }

  isSubscribed(typeUrl: string): boolean {
    return [...this.streams].some((stream) => stream.isSubscribed(typeUrl));
  }

  serve(protocol: Protocol, grpc: ByteStream): void {
    const send = (bytes: Uint8Array): void => void grpc.write(bytes);
    const stream = new ClientStream(this, { id: ++this.count, protocol, send });
    this.streams.add(stream);
    const gone = (): void => this.remove(stream);
    grpc.on("data", (bytes: Uint8Array) => this.receive(stream, bytes));
    grpc.on("end", () => grpc.end());
    for (const event of ["cancelled", "close", "error"]) grpc.on(event, gone);
  }

  private receive(stream: ClientStream, bytes: Uint8Array): void {
    stream.receive(bytes);
    this.lastNode = stream.node;
    for (const typeUrl of completeTypes) if (stream.isSubscribed(typeUrl)) this.served.add(typeUrl);
    this.waiting.notify();
  }

  private remove(stream: ClientStream): void {
    this.streams.delete(stream);
    this.waiting.notify();
  }
}
