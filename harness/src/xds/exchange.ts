/**
 * One thing that a client and the control plane said to each other.
 *
 * @category Configure Envoy
 */
export interface Exchange {
  /** A client asks, gives up, takes or refuses; the control plane responds. */
  readonly kind: "subscribe" | "unsubscribe" | "ack" | "nack" | "response";
  /** `type.googleapis.com/envoy.config.listener.v3.Listener` */
  readonly typeUrl: string;
  /** The client's `node.id`. */
  readonly node: string;
  /** Which of the control plane's streams, counted from 1. */
  readonly stream: number;
  /** Delta or State of the World. */
  readonly variant: "delta" | "sotw";
  /** What is wanted or no longer wanted, or what the response has, and has removed. `*` is everything. */
  readonly names: readonly string[];
  /** What a response says is not there, or no longer. */
  readonly removed: readonly string[];
  /** Of the resources that a response has, by name; of those that a client has when it connects again. */
  readonly versions: Readonly<Record<string, string>>;
  /** Of the response, or of the one that is answered; empty in the first request. */
  readonly nonce: string;
  /** Why the client refused; empty unless the kind is `nack`. */
  readonly error: string;
}

/** The last exchanges; older ones are forgotten. */
export class ExchangeRecord {
  readonly exchanges: Exchange[] = [];
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  add(exchange: Exchange): void {
    this.exchanges.push(exchange);
    if (this.exchanges.length > this.limit) this.exchanges.shift();
  }
}
