import { HarnessError } from "./errors.ts";
import { handlerFailure } from "./handler-failure.ts";
import { Inbox, type Ending } from "./inbox.ts";
import { growing, receive, type Growing } from "./kept.ts";

/**
 * Text, sent as UTF-8, or bytes, sent as they are.
 *
 * @category Program the upstream
 */
export type DataInput = string | Uint8Array;

/**
 * What an upstream does on its connections; what it throws fails the test. Without a method nothing is done.
 *
 * @category Program the upstream
 */
export interface TcpHandler {
  /** The proxy has connected. */
  connect?(connection: UpstreamConnection): void;
  /** Bytes have come. How they are cut into pieces is up to the network: `connection.received` is all of them. */
  data?(connection: UpstreamConnection, bytes: Uint8Array): void;
  /** Nothing more will come. Default: `connection.end()`. */
  end?(connection: UpstreamConnection): void;
}

/** What an upstream can do with a connection, in any backend. */
export interface Outlet {
  send(bytes: Uint8Array): void;
  end(): void;
  reset(): void;
}

/**
 * The TCP service behind the proxy, written in the test: it records its connections and serves them with its handler.
 * The embedded backend calls it without a socket, a real Envoy through a server around it.
 *
 * @category Program the upstream
 */
export class TcpUpstream {
  /** The connections that the proxy has made since the test began, in their order; of many the newest, as `requests` of an `Upstream`. */
  readonly connections: Growing<UpstreamConnection> = growing();
  private handler: TcpHandler = {};
  private refusing = false;
  private failure: unknown = null;
  private readonly closers: Array<() => void> = [];

  /** Serves what comes from now on with these functions. */
  serve(handler: TcpHandler): void {
    this.handler = handler;
  }

  /** Refuses every connection from now on, as if nobody listened. */
  refuse(): void {
    this.refusing = true;
    for (const close of this.closers) close();
  }

  /** Whether it refuses connections. */
  get isRefusing(): boolean {
    return this.refusing;
  }

  /** For a backend that listens: called when connections are to be refused. @internal */
  onRefuse(close: () => void): void {
    this.closers.push(close);
    if (this.refusing) close();
  }

  /** Called by a backend for each connection of the proxy. @internal */
  accept(outlet: Outlet): UpstreamConnection {
    const connection = new UpstreamConnection(outlet);
    receive(this.connections, connection, "upstream.connections");
    this.handle(() => this.handler.connect?.(connection));
    return connection;
  }

  /** Called by a backend for bytes that have come. @internal */
  take(connection: UpstreamConnection, bytes: Uint8Array): void {
    connection.inbox.push(bytes);
    this.handle(() => this.handler.data?.(connection, bytes));
  }

  /** Called by a backend when nothing more will come. @internal */
  finish(connection: UpstreamConnection, ending: Exclude<Ending, "open">): void {
    if (connection.ending !== "open") return;
    connection.inbox.finish(ending);
    if (ending === "reset") return;
    if (this.handler.end === undefined) connection.end();
    else this.handle(() => this.handler.end?.(connection));
  }

  /** For the backends: throws what the handler threw since it was asked last. @internal */
  refuseFailure(): void {
    const cause = this.failure;
    this.failure = null;
    if (cause !== null) throw handlerFailure("the upstream", cause);
  }

  private handle(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.failure ??= error;
    }
  }
}

/**
 * One connection of the proxy to its upstream, as the upstream has it.
 *
 * @category Program the upstream
 */
export class UpstreamConnection {
  /** For the backends. @internal */
  readonly inbox = new Inbox();
  private readonly outlet: Outlet;
  private hasEnded = false;

  constructor(outlet: Outlet) {
    this.outlet = outlet;
  }

  /** All bytes that have come. */
  get received(): Uint8Array {
    return this.inbox.bytes;
  }

  /** Whether the proxy's end is open, has ended, or has broken off. */
  get ending(): Ending {
    return this.inbox.ending;
  }

  /** Sends bytes to the proxy. */
  send(data: DataInput): void {
    this.outlet.send(dataBytes(data));
  }

  /** Sends no more; what the proxy sends still comes. */
  end(): void {
    this.hasEnded = true;
    this.outlet.end();
  }

  /** Breaks the connection off: the proxy sees a reset. Refused with `invalid_input` after `end()`. */
  reset(): void {
    if (this.hasEnded) throw endedAlready();
    this.outlet.reset();
  }
}

/** The bytes that a test means. */
export function dataBytes(data: DataInput): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : data;
}

/** An end of a connection that has said that it sends no more cannot send a reset either. */
export function endedAlready(): HarnessError {
  return new HarnessError(
    "invalid_input",
    "this end of the connection has ended already: reset() comes instead of end()",
  );
}
