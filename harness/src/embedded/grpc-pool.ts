/** Envoy's `max_requests` and `max_pending_requests` of a cluster whose circuit breakers nobody has set. */
const most = 1024;

/** What becomes of a request: it is sent, refused when there is a connection for it, or refused at once. */
type Admission = "sent" | "refused late" | "refused";

/**
 * The requests to a gRPC cluster whose circuit breakers nobody has set, as Envoy 1.40 counts them: a connection of HTTP/2 takes
 * as many as may be open in all. One more waits for a second connection, and is refused when that is there; each more after
 * that is refused at once, and so is one when too many wait for a connection.
 */
export class GrpcPool {
  private readonly connect: (connected: () => void) => void;
  private open = 0;
  private waiting = 0;
  private connections = 0;

  /** `connect` says when a connection is there. */
  constructor(connect: (connected: () => void) => void) {
    this.connect = connect;
  }

  admit(): Admission {
    const hasRoom = this.open < this.connections * most;
    if (hasRoom ? this.open >= most : this.waiting >= most) return "refused";
    if (!hasRoom && this.waiting++ === 0) this.connect(() => this.connected());
    if (this.open >= most) return "refused late";
    this.open++;
    return "sent";
  }

  /** One that was sent is over. */
  leave(): void {
    this.open--;
  }

  private connected(): void {
    this.connections++;
    this.waiting = 0;
  }
}
