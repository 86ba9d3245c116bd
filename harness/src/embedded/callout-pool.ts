/** Envoy's `max_connections` and `max_pending_requests` of a cluster whose circuit breakers nobody has set. */
const most = 1024;

/**
 * The requests to a cluster whose circuit breakers nobody has set, as Envoy 1.40 has them on HTTP/1.1: each has a connection,
 * of which there are 1,024 at most, and as many requests may wait for one. Envoy counts that for all threads together, and
 * this backend for each of its own.
 */
export class CalloutPool {
  private readonly connect: (connected: () => void) => void;
  private readonly waiting: Array<() => void> = [];
  private connections = 0;
  private connecting = 0;
  private open = 0;

  /** `connect` says when connections are there. */
  constructor(connect: (connected: () => void) => void) {
    this.connect = connect;
  }

  /** Sends a request, now or when there is a connection; false when too many wait for one. */
  admit(send: () => void): boolean {
    const hasIdle = this.open - this.connecting < this.connections;
    if (!hasIdle && this.connecting + this.waiting.length >= most) return false;
    if (!hasIdle && this.connections + this.connecting >= most) this.waiting.push(send);
    else this.send(send, hasIdle);
    return true;
  }

  /** One that waits is not to be sent any more. */
  forget(send: () => void): void {
    this.waiting.splice(this.waiting.indexOf(send), 1);
  }

  /** One that was sent is over: its connection is the next one's. */
  leave(): void {
    this.open--;
    const next = this.waiting.shift();
    if (next !== undefined) this.send(next, true);
  }

  private send(send: () => void, hasConnection: boolean): void {
    this.open++;
    if (!hasConnection && this.connecting++ === 0) this.connect(() => this.connected());
    send();
  }

  private connected(): void {
    this.connections += this.connecting;
    this.connecting = 0;
  }
}
