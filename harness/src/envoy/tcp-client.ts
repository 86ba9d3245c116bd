import { once } from "node:events";
import net, { type Socket } from "node:net";
import type { RunningConnection } from "../backend.ts";
import { Inbox } from "../inbox.ts";
import type { Address } from "./supervised-envoy.ts";

/** Waits for something, with a bound, and says what when it is reached. */
export type Wait = (work: Promise<void>, what: () => string) => Promise<void>;

/** A client's connection to one listener. */
export class TcpClient implements RunningConnection, Disposable {
  readonly inbox = new Inbox();
  /** The client's own port, by which Envoy's access log knows the connection. */
  readonly port: number;
  private readonly socket: Socket;
  private readonly wait: Wait;
  private hasEnded = false;
  private hasLeft = false;

  private constructor(socket: Socket, wait: Wait) {
    this.socket = socket;
    this.wait = wait;
    this.port = socket.localPort ?? 0;
    socket.on("data", (bytes) => this.inbox.push(new Uint8Array(bytes)));
    socket.on("end", () => this.inbox.finish("ended"));
    socket.on("error", () => this.inbox.finish("reset"));
    socket.on("close", () => this.inbox.finish("reset"));
  }

  static async connect({ host, port }: Address, wait: Wait): Promise<TcpClient> {
    const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true });
    await once(socket, "connect");
    return new TcpClient(socket, wait);
  }

  /** Whether nothing is left of it for the proxy to do, so that the proxy will log and delete it. */
  get isOver(): boolean {
    return this.hasLeft || this.inbox.ending === "reset" || (this.hasEnded && this.inbox.ending === "ended");
  }

  /** What nobody takes any more is lost, which the inbox shows. */
  async send(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.socket.write(bytes, () => resolve()));
  }

  async end(): Promise<void> {
    this.hasEnded = true;
    await new Promise<void>((resolve) => this.socket.end(() => resolve()));
  }

  async reset(): Promise<void> {
    this.hasLeft = true;
    this.socket.resetAndDestroy();
    this.inbox.finish("reset");
  }

  progress(what: () => string): Promise<void> {
    return this.wait(this.inbox.changed(), what);
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}
