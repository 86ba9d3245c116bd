import { once } from "node:events";
import net, { type AddressInfo, type Server, type Socket } from "node:net";
import { MetadataInserter, type MetadataPairs } from "./frames.ts";

/** Whose messages get METADATA: those of who connects, or of who is connected to. */
export type Side = "client" | "server";

/** What a relay does. */
export interface RelayOptions {
  /** Asked when somebody connects. */
  readonly to: () => number;
  readonly side: Side;
  /** None: everything passes as it is. */
  readonly metadata: MetadataPairs;
}

/** A port that passes HTTP/2 without TLS on to another one, with the frames that node:http2 cannot send. */
export class MetadataRelay implements AsyncDisposable {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(options: RelayOptions): Promise<MetadataRelay> {
    const server = net.createServer({ noDelay: true });
    const relay = new MetadataRelay(server);
    server.on("connection", (client) => relay.join(client, options));
    await once(server.listen(0, "127.0.0.1"), "listening");
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const isClosed = once(this.server, "close");
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await isClosed;
  }

  private join(client: Socket, { to, side, metadata }: RelayOptions): void {
    const server = net.connect({ port: to(), host: "127.0.0.1", noDelay: true });
    this.pass(client, server, side === "client" ? metadata : []);
    this.pass(server, client, side === "server" ? metadata : []);
  }

  private pass(from: Socket, to: Socket, metadata: MetadataPairs): void {
    const inserter = metadata.length === 0 ? null : new MetadataInserter(metadata);
    this.sockets.add(from);
    from.on("data", (bytes) => to.write(inserter === null ? bytes : inserter.push(bytes)));
    from.on("end", () => to.end());
    from.on("error", () => to.destroy()); // the other end hears of it by that
    from.on("close", () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
