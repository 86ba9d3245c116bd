import { status } from "@grpc/grpc-js";
import { HarnessError } from "../errors.ts";
import { ClientStream, type Refusal, type StreamOwner } from "./client-stream.ts";
import type { ByteStream } from "./discovery-server.ts";
import { ExchangeRecord, type Exchange } from "./exchange.ts";
import type { Answer, Protocol } from "./protocol.ts";
import { completeTypes } from "./resource-types.ts";
import { Snapshot, type ResourceKey } from "./snapshot.ts";
import { Waiting } from "./waiting.ts";

/** A response that waits for its client's answer. */
export interface Unanswered {
  readonly node: string;
  readonly answer: Answer;
}

/** What a client is to ask for because it was sent something of another type. */
export interface Demand extends ResourceKey {
  readonly of: string;
  /** On a stream that was not there yet, when they were this many. */
  readonly after: number;
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
  private readonly recorded: ExchangeRecord;
  /** The types of which somebody wanted everything. */
  private readonly served = new Set<string>();
  /** How many streams there have been. */
  count = 0;

  constructor(recorded: number) {
    this.recorded = new ExchangeRecord(recorded);
  }

  get exchanges(): readonly Exchange[] {
    return this.recorded.exchanges;
  }

  isHeld(typeUrl: string): boolean {
    return this.held.has(typeUrl);
  }

  record(exchange: Exchange): void {
    this.recorded.add(exchange);
  }

  refused(refusal: Refusal): void {
    this.refusals.push(refusal);
  }

  /** Sends what clients do not have of a type, and some again that they have. */
  push(typeUrl: string, renew: readonly ResourceKey[]): void {
    for (const stream of this.streams) {
      stream.renew(renew.filter((key) => key.typeUrl === typeUrl));
      stream.push(typeUrl);
    }
  }

  /** What clients have not answered, of these types or all. */
  unanswered(typeUrls: readonly string[]): readonly Unanswered[] {
    const all = [...this.streams].flatMap(({ node, pending }) => pending.map((answer) => ({ node, answer })));
    return all.filter(({ answer }) => typeUrls.length === 0 || typeUrls.includes(answer.typeUrl));
  }

  /** Whether there were clients, or some for one of these types, and there are none. */
  isDeserted(typeUrls: readonly string[]): boolean {
    if (this.streams.size === 0) return this.count > 0;
    return typeUrls.some((typeUrl) => this.served.has(typeUrl) && !this.isSubscribed(typeUrl));
  }

  isSubscribed(typeUrl: string): boolean {
    return [...this.streams].some((stream) => stream.isSubscribed(typeUrl));
  }

  isAsked(demand: Demand): boolean {
    return [...this.streams].some(
      (stream) => stream.id > demand.after && stream.isSubscribed(demand.typeUrl, demand.name),
    );
  }

  /** Whether a client has a stream for each type. */
  get usesSingleServices(): boolean {
    return [...this.streams].some(({ isAggregated }) => !isAggregated);
  }

  serve(protocol: Protocol, grpc: ByteStream): void {
    const send = (bytes: Uint8Array): void => void grpc.write(bytes);
    const stream = new ClientStream(this, { id: ++this.count, path: grpc.getPath(), protocol, send });
    this.streams.add(stream);
    const gone = (): void => this.remove(stream);
    grpc.on("data", (bytes: Uint8Array) => {
      try {
        this.receive(stream, bytes);
      } catch (error) {
        grpc.emit("error", { code: status.INVALID_ARGUMENT, details: HarnessError.from(error).message });
      }
    });
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
