import { once } from "node:events";
import net, { type AddressInfo, type Server, type Socket } from "node:net";
import { HarnessError } from "../errors.ts";

/** Where to listen. */
export interface ListeningAddress {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** The port is closed only at its end. Default false. */
  readonly staysOpen?: boolean;
}

/**
 * A port that can be closed and opened again. It holds a connection to itself, so that nobody else is given the port
 * while it is closed.
 */
export class ListeningPort implements AsyncDisposable {
  readonly host: string;
  readonly port: number;
  private readonly server: Server;
  private readonly placeholder: Socket | null;
  private readonly sockets = new Set<Socket>();

  private constructor(server: Server, placeholder: Socket | null) {
    const { address, port } = server.address() as AddressInfo;
    this.host = address;
    this.port = port;
    this.server = server;
    this.placeholder = placeholder;
    server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
      socket.on("error", () => undefined); // the other end has broken off: whoever reads hears of it
    });
  }

  static async listen({ host = "127.0.0.1", port = 0, staysOpen }: ListeningAddress): Promise<ListeningPort> {
    const server = net.createServer({ noDelay: true });
    await listening(server, { host, port });
    return new ListeningPort(server, staysOpen === true ? null : await connectionTo(server, host));
  }

  /** Hands every connection to a function, from now on. */
  onConnection(accept: (socket: Socket) => void): void {
    this.server.on("connection", accept);
  }

  /** Whether connections are accepted. */
  get isOpen(): boolean {
    return this.server.listening;
  }

  /** Refuses connections from now on, and breaks off those that are there. */
  close(): void {
    if (this.server.listening) this.server.close();
    this.drop();
  }

  /** Accepts connections again. Refused with `port_in_use` when somebody else was quicker. */
  async open(): Promise<void> {
    if (!this.server.listening) await listening(this.server, this);
  }

  /** Breaks off the connections that are there; the port stays open. */
  drop(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    this.placeholder?.destroy();
    await Promise.all([...this.sockets].map((socket) => once(socket, "close")));
  }
}

/** From here to there. */
async function connectionTo(server: Server, host: string): Promise<Socket> {
  const placeholder = net.connect((server.address() as AddressInfo).port, host);
  const [accepted] = (await once(server, "connection")) as [Socket];
  placeholder.on("close", () => accepted.destroy());
  return placeholder;
}

async function listening(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  try {
    await once(server.listen(port, host), "listening");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    const message = `port ${port} of ${host} is in use: name another one, or none`;
    throw new HarnessError("port_in_use", message, { cause });
  }
}
