import { once } from "node:events";
import net, { type AddressInfo, type Socket } from "node:net";
import type { TcpUpstream, UpstreamConnection } from "../tcp-upstream.ts";

/**
 * The test's TCP upstream on a free port. It holds a connection to itself, so that nobody else is given the
 * port once it refuses connections.
 */
export class TcpUpstreamServer implements AsyncDisposable {
  private readonly upstream: TcpUpstream;
  private readonly server: net.Server;
  private readonly sockets = new Set<Socket>();
  private readonly placeholder: Socket;
  private waiting: Array<() => void> = [];
  readonly port: number;

  private constructor(upstream: TcpUpstream, server: net.Server, placeholder: Socket) {
    this.upstream = upstream;
    this.server = server;
    this.placeholder = placeholder;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => this.accept(socket));
    upstream.onRefuse(() => server.close());
  }

  static async start(upstream: TcpUpstream, host = "127.0.0.1"): Promise<TcpUpstreamServer> {
    const server = net.createServer({ allowHalfOpen: true });
    await once(server.listen(0, host), "listening");
    const placeholder = net.connect((server.address() as AddressInfo).port, host);
    const [accepted] = (await once(server, "connection")) as [Socket];
    placeholder.on("close", () => accepted.destroy());
    return new TcpUpstreamServer(upstream, server, placeholder);
  }

  /** Waits until it has seen so many connections of the proxy, and the end of all but so many that are still active. */
  async caughtUp(total: number, active: number): Promise<void> {
    const isBehind = (): boolean => this.seenCount < total || this.openCount > active;
    while (isBehind()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.server.listening ? once(this.server, "close") : null;
    if (closed !== null) this.server.close();
    for (const socket of [...this.sockets, this.placeholder]) socket.destroy();
    await closed;
  }

  private get seenCount(): number {
    const { connections } = this.upstream;
    return connections.length + connections.omitted;
  }

  private get openCount(): number {
    return this.upstream.connections.filter(({ ending }) => ending === "open").length;
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    const connection = this.upstream.accept({
      send: (bytes) => socket.write(bytes),
      end: () => socket.end(),
      reset: () => socket.resetAndDestroy(),
    });
    this.wake();
    socket.on("data", (bytes) => this.upstream.take(connection, new Uint8Array(bytes)));
    socket.on("end", () => this.finish(connection, "ended"));
    socket.on("error", () => this.finish(connection, "reset"));
    socket.on("close", () => {
      this.sockets.delete(socket);
      this.finish(connection, "ended");
    });
  }

  private finish(connection: UpstreamConnection, ending: "ended" | "reset"): void {
    this.upstream.finish(connection, ending);
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
