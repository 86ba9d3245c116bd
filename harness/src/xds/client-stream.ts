import { normalised } from "../envoy/log-line.ts";
import type { Exchange } from "./exchange.ts";
import type { Answer, Demand, NameChange, Protocol } from "./protocol.ts";
import type { ResourceKey, Snapshot } from "./snapshot.ts";
import { Subscription } from "./subscription.ts";

/** A response that a client refused. */
export interface Refusal {
  readonly node: string;
  readonly answer: Answer;
  /** Envoy's message, without the variations that it puts in. */
  readonly message: string;
}

/** What a stream has of the control plane. */
export interface StreamOwner {
  readonly state: Snapshot;
  /** Whether changes of this type wait for others to be taken first. */
  isHeld(typeUrl: string): boolean;
  record(exchange: Exchange): void;
  refused(refusal: Refusal): void;
}

export interface StreamOptions {
  /** Counted from 1. */
  readonly id: number;
  /** The method's. */
  readonly path: string;
  readonly protocol: Protocol;
  readonly send: (bytes: Uint8Array) => void;
}

/** One stream of one client, with all of its types. */
export class ClientStream {
  /** The client's `node.id`, which it says in its first request. */
  node = "";
  private readonly owner: StreamOwner;
  private readonly options: StreamOptions;
  private readonly subscriptions = new Map<string, Subscription>();
  private responses = 0;

  constructor(owner: StreamOwner, options: StreamOptions) {
    this.owner = owner;
    this.options = options;
  }

  /** The responses that the client has not answered yet. */
  get pending(): readonly Answer[] {
    return [...this.subscriptions.values()].flatMap(({ pending }) => pending ?? []);
  }

  get id(): number {
    return this.options.id;
  }

  /** Whether it has all types, and not only one. */
  get isAggregated(): boolean {
    return this.options.path.includes("AggregatedDiscoveryService");
  }

  /** To anything of a type, or to a name. */
  isSubscribed(typeUrl: string, name?: string): boolean {
    return this.subscriptions.get(typeUrl)?.isFor(name) === true;
  }

  receive(bytes: Uint8Array): void {
    const demand = this.options.protocol.decode(bytes);
    this.node = demand.node ?? this.node;
    const subscription = this.subscription(demand.typeUrl);
    if (subscription.isOutOfDate(demand)) return;
    const answered = subscription.answered(demand);
    if (answered !== null) this.judge(answered, demand);
    this.recordChange(demand, subscription.change(demand, this.owner.state));
    this.push(demand.typeUrl);
  }

  /** Sends what the client does not have yet, unless it has still to answer: then it is sent after that. */
  push(typeUrl: string): void {
    const subscription = this.subscriptions.get(typeUrl);
    if (subscription === undefined || subscription.pending !== null) return;
    const content = subscription.next(this.owner.state, this.owner.isHeld(typeUrl));
    if (content === null) return;
    const answer = { typeUrl, nonce: String(++this.responses), ...content };
    subscription.send(answer);
    this.record("response", { ...answer, ...namesOf(answer) });
    this.options.send(this.options.protocol.encode(answer));
  }

  /** Has resources sent again with the next push. */
  renew(keys: readonly ResourceKey[]): void {
    for (const { typeUrl, name } of keys) this.subscriptions.get(typeUrl)?.renew(name);
  }

  private subscription(typeUrl: string): Subscription {
    const known = this.subscriptions.get(typeUrl);
    if (known !== undefined) return known;
    const added = new Subscription(typeUrl, this.options.protocol.variant);
    this.subscriptions.set(typeUrl, added);
    return added;
  }

  private judge(answer: Answer, { error }: Demand): void {
    const { typeUrl, nonce } = answer;
    if (error === null) return this.record("ack", { typeUrl, nonce, ...namesOf(answer) });
    const message = normalised(error);
    this.record("nack", { typeUrl, nonce, ...namesOf(answer), error: message });
    this.owner.refused({ node: this.node, answer, message });
  }

  private recordChange({ typeUrl, nonce, has }: Demand, { subscribe, unsubscribe }: NameChange): void {
    const versions = typeof has === "string" ? {} : has;
    if (subscribe.length > 0) this.record("subscribe", { typeUrl, nonce, names: subscribe, versions });
    if (unsubscribe.length > 0) this.record("unsubscribe", { typeUrl, nonce, names: unsubscribe });
  }

  private record(
    kind: Exchange["kind"],
    said: Pick<Exchange, "typeUrl" | "nonce"> & Partial<Exchange>,
  ): void {
    const { node } = this;
    const { id: stream, protocol } = this.options;
    const { names = [], removed = [], versions = {}, error = "" } = said;
    const { typeUrl, nonce } = said;
    const { variant } = protocol;
    this.owner.record({ kind, typeUrl, node, stream, variant, names, removed, versions, nonce, error });
  }
}

function namesOf({ resources, removed }: Answer): Pick<Exchange, "names" | "removed" | "versions"> {
  const versions = Object.fromEntries(resources.map(({ name, version }) => [name, version]));
  return { names: resources.map(({ name }) => name), removed, versions };
}
