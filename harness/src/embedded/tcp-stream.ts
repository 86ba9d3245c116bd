import type { RunningConnection } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import { Inbox } from "../inbox.ts";
import type { TcpUpstream, UpstreamConnection } from "../tcp-upstream.ts";
import type { EventLoop } from "./event-loop.ts";
import { FilterState } from "./filter-state.ts";
import { NetworkFilter, Peer } from "./network-filter.ts";
import type { ProxyState } from "./proxy-state.ts";
import type { RootContext } from "./root-context.ts";
import { SocketBuffer } from "./socket-buffer.ts";

/** How an upstream fails: response flags (UF and URX, UR, or NC) and reasons as Envoy 1.40 has them. */
const failures = {
  refused: { flags: (1n << 5n) | (1n << 15n), reason: "delayed connect error: Connection refused" },
  reset: { flags: 1n << 4n, reason: "" },
  absent: { flags: 1n << 24n, reason: "" },
} as const;

/** How long a client waits, by the clock. */
const longestNanos = 60_000_000_000n;

/**
 * One connection through the chain of network filters to its upstream and back, as Envoy's filter manager and
 * `tcp_proxy` do it. The filters see the client's data in order and the upstream's in reverse.
 */
export class TcpStream implements RunningConnection {
  readonly number: number;
  readonly startNanos: bigint;
  /** What the client receives. */
  readonly inbox = new Inbox();
  /** What filters stored. */
  readonly filterState = FilterState.ofConnection();
  /** How the upstream has failed, if it has. */
  failure: { readonly flags: bigint; readonly reason: string } = { flags: 0n, reason: "" };
  /** What the client was sent. */
  sentBytes = 0n;
  private readonly proxy: ProxyState;
  private readonly upstream: TcpUpstream;
  private readonly filters: readonly NetworkFilter[];
  private readonly loop: EventLoop;
  private readonly fromClient = new SocketBuffer();
  private readonly fromUpstream = new SocketBuffer();
  private connection: UpstreamConnection | null = null;
  private isOpen = true;
  private over: () => void = () => undefined;
  /** After how many milliseconds without data it ends; null for never. */
  private idleMs: string | null = null;
  private stopResting: () => void = () => undefined;
  /** `tcp_proxy` has the connection, and connects to the upstream. */
  private isProxied = false;
  private hasClientLeft = false;
  private isEndSentUp = false;
  private isEndSentDown = false;

  constructor(proxy: ProxyState, roots: readonly RootContext[], upstream: TcpUpstream, number: number) {
    this.proxy = proxy;
    this.loop = proxy.loop;
    this.upstream = upstream;
    this.number = number;
    this.startNanos = proxy.nowNanos();
    this.filters = roots.map((root) => new NetworkFilter(root, this));
  }

  /** The client has connected; `over` is called when the connection is. */
  begin(over: () => void): void {
    this.over = over;
    this.loop.post(() => this.goOnFrom(0));
  }

  async send(bytes: Uint8Array): Promise<void> {
    this.fromClient.add(bytes);
    this.act();
  }

  async end(): Promise<void> {
    this.fromClient.end();
    this.act();
  }

  async reset(): Promise<void> {
    this.inbox.finish("reset");
    this.hasClientLeft = true;
    this.act();
  }

  async progress(what: () => string): Promise<void> {
    const { progress } = this.proxy;
    const before = this.inbox.changed().then(() => progress.wake(this));
    progress.open();
    const hasCome = await progress
      .wait(this, this.proxy.clock.nowNanos() + longestNanos)
      .finally(() => progress.close());
    this.upstream.refuseFailure();
    if (hasCome) return before;
    throw new HarnessError(
      "stream_stuck",
      `${what()}, and nothing is left that could bring more: a filter holds it, or the upstream did not send it`,
    );
  }

  /** The client has left, but a filter holds the connection, so that Envoy has not noticed. */
  get isForgotten(): boolean {
    return this.isOpen && this.hasClientLeft;
  }

  /** Whether the upstream is chosen: it is known from then on, also when it refuses. */
  get hasUpstream(): boolean {
    return this.isProxied;
  }

  /** What the client has sent, as far as it was read. */
  get receivedBytes(): bigint {
    return this.fromClient.readBytes;
  }

  /** Goes on with what a filter holds, at the filter behind it; while an event runs, as all that changes a connection. */
  resume(filter: NetworkFilter): void {
    if (!this.isOpen) return;
    this.goOnFrom(this.filters.indexOf(filter) + 1);
    this.loop.post(() => this.readClient());
  }

  /** Ends the connection at once; what the client has sent and nobody has read makes that a reset. */
  close(peer: Peer, ending: "ended" | "reset" = "ended"): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.stopResting();
    this.inbox.finish(this.fromClient.hasUnread ? "reset" : ending);
    const { connection } = this;
    const left = this.hasClientLeft ? "reset" : "ended";
    if (connection !== null) this.loop.post(() => this.upstream.finish(connection, left));
    for (const filter of this.filters) filter.onClose(peer);
    this.over();
  }

  private fail(failure: keyof typeof failures, ending: "ended" | "reset"): void {
    if (this.isOpen) this.failure = failures[failure];
    this.close(Peer.Local, ending);
  }

  private act(): void {
    this.loop.post(() => this.readClient());
    this.upstream.refuseFailure();
  }

  /** Envoy reads nothing from the client, not even that it has left, until the upstream is connected. */
  private readClient(): void {
    if (this.connection === null) return;
    if (this.hasClientLeft) return this.close(Peer.Remote);
    while (this.isOpen && this.fromClient.readMore()) {
      this.rest();
      this.goOnFrom(0);
      if (this.fromClient.isAtEnd && this.isEndSentDown) this.close(Peer.Remote);
    }
  }

  private goOnFrom(index: number): void {
    for (const filter of this.filters.slice(index)) {
      if (!filter.isInitialized && !filter.onNewConnection()) return;
      if (!this.isOpen) return;
      if (this.hasData && !filter.onDownstreamData(this.fromClient.read, this.fromClient.isAtEnd)) return;
      if (!this.isOpen) return;
    }
    if (this.isProxied) this.sendUp();
    else this.connect();
  }

  private get hasData(): boolean {
    return this.fromClient.read.bytes.length > 0 || this.fromClient.isAtEnd;
  }

  private connect(): void {
    if (this.isSentNowhere) return this.fail("absent", "ended");
    this.isProxied = true;
    this.idleMs = this.told("envoy.tcp_proxy.per_connection_idle_timeout_ms");
    this.loop.post(() => {
      if (this.upstream.isRefusing) return this.fail("refused", "ended");
      const connection = this.upstream.accept({
        send: (bytes) => this.loop.post(() => this.readUpstream(() => this.fromUpstream.add(bytes))),
        end: () => this.loop.post(() => this.readUpstream(() => this.fromUpstream.end())),
        reset: () => this.loop.post(() => this.fail("reset", "reset")),
      });
      this.connection = connection;
      this.rest();
      if (this.isOpen) this.readClient();
      else this.upstream.finish(connection, "ended"); // it was on its way when the filter closed
    });
  }

  /** A filter has named a cluster, and there is none: of those that there are, only the test's upstream can be named. */
  private get isSentNowhere(): boolean {
    const named = this.told("envoy.tcp_proxy.cluster");
    return named !== null && named !== "upstream";
  }

  /** Ends the connection when nothing moves for as long as a filter had said before the upstream was chosen. */
  private rest(): void {
    const { idleMs, loop, proxy } = this;
    this.stopResting();
    if (idleMs === null || !this.isOpen) return;
    this.stopResting = proxy.clock.after(Number(idleMs), () => loop.post(() => this.close(Peer.Local)));
  }

  /** What a filter says to `tcp_proxy` by an object of the filter state; null when it says nothing. */
  private told(name: string): string | null {
    const value = this.filterState.get(name)?.value;
    if (value instanceof Uint8Array) return new TextDecoder().decode(value);
    return typeof value === "string" ? value : null;
  }

  private sendUp(): void {
    const { connection } = this;
    if (connection === null) return;
    const bytes = this.fromClient.take();
    if (bytes.length > 0) this.loop.post(() => this.upstream.take(connection, bytes));
    if (!this.fromClient.isAtEnd || this.isEndSentUp) return;
    this.isEndSentUp = true;
    this.loop.post(() => {
      this.upstream.finish(connection, "ended");
      this.closeWhenUpstreamIsDone();
    });
  }

  private readUpstream(change: () => void): void {
    change();
    this.rest();
    while (this.isOpen && this.fromUpstream.readMore()) this.showUpstreamData();
    this.closeWhenUpstreamIsDone();
  }

  private showUpstreamData(): void {
    const { read, isAtEnd } = this.fromUpstream;
    for (const filter of this.filters.toReversed()) {
      if (!filter.onUpstreamData(read, isAtEnd) || !this.isOpen) return;
    }
    const bytes = this.fromUpstream.take();
    this.sentBytes += BigInt(bytes.length);
    if (bytes.length > 0) this.inbox.push(bytes);
    if (!isAtEnd) return;
    this.isEndSentDown = true;
    this.inbox.finish("ended");
  }

  /** The upstream has sent and received all: its connection is over, and the client's with it. */
  private closeWhenUpstreamIsDone(): void {
    if (this.fromUpstream.isAtEnd && this.isEndSentUp) this.close(Peer.Local);
  }
}
