import { GrpcReceivedCall } from "../grpc/call.ts";
import type { GrpcUpstream } from "../grpc/upstream.ts";
import type { HeaderList } from "../header-list.ts";
import { GrpcExchange } from "./grpc-exchange.ts";
import type { RootContext } from "./root-context.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Kinds of numbers by their last two bits. */
const kinds = { call: 1, stream: 2 } as const;
type Kind = keyof typeof kinds;

/** What Envoy keeps of a stream. */
interface Kept {
  readonly exchange: GrpcExchange;
  isHalfClosed: boolean;
  /** The guest has called `proxy_grpc_close`. */
  isReleased: boolean;
}

/** What a guest asks for. */
export interface GrpcStart {
  readonly kind: Kind;
  readonly root: RootContext;
  readonly method: string;
  readonly authority: string;
  readonly metadata: HeaderList;
  /** 0 waits for ever, as a stream does. */
  readonly timeoutMs: number;
}

/** The gRPC calls and streams of a proxy. Nobody waits for real: the clock goes on to what is due next. */
export class GrpcCalls {
  private readonly clusters: Readonly<Record<string, GrpcUpstream>>;
  private readonly clock: VirtualClock;
  private readonly kept = new Map<number, Kept>();
  private readonly lastTokens = { ...kinds };

  constructor(clusters: Readonly<Record<string, GrpcUpstream>>, clock: VirtualClock) {
    this.clusters = clusters;
    this.clock = clock;
  }

  /** A cluster by its name, or null when the scenario has none such. */
  cluster(name: string): GrpcUpstream | null {
    return Object.hasOwn(this.clusters, name) ? (this.clusters[name] ?? null) : null;
  }

  /** The next number of a kind, as Envoy counts them: also for what it refuses. */
  nextToken(kind: Kind): number {
    return ((this.lastTokens[kind] as number) += 4);
  }

  /** Whether a number is one of a kind. */
  isOf(kind: Kind, token: number): boolean {
    return (token & 3) === kinds[kind];
  }

  /** Begins a call or a stream, and returns its service's side for what the guest sends. */
  start(
    upstream: GrpcUpstream,
    token: number,
    { kind, root, timeoutMs, ...request }: GrpcStart,
  ): GrpcReceivedCall {
    const call = new GrpcReceivedCall(request);
    const isStream = kind === "stream";
    const deadlineNanos = timeoutMs === 0 ? null : this.clock.nowNanos() + BigInt(timeoutMs) * 1_000_000n;
    const guest = { root, token, isStream, call, deadlineNanos };
    const exchange = new GrpcExchange(guest, () => this.clock.nowNanos());
    this.kept.set(token, { exchange, isHalfClosed: !isStream, isReleased: !isStream });
    exchange.start(upstream);
    return call;
  }

  /** What Envoy keeps under a number; null when it has forgotten it, or never knew it. */
  find(token: number): Kept | null {
    return this.kept.get(token) ?? null;
  }

  /** Gives up a call or a stream, and forgets it. */
  cancel(token: number): void {
    this.kept.get(token)?.exchange.cancel();
    this.kept.delete(token);
  }

  /** Ends the guest's side of a stream. */
  halfClose(kept: Kept): void {
    if (!kept.isHalfClosed && !kept.exchange.hasEnded) kept.exchange.guest.call.halfClose();
    kept.isHalfClosed = true;
  }

  /** Lets Envoy forget a stream, once it has ended. */
  release(token: number, kept: Kept): void {
    kept.isReleased = true;
    if (kept.exchange.hasEnded) this.kept.delete(token);
  }

  /**
   * Delivers what is due next, and lets time pass until then; false when all that is left waits for its guest. Refused with
   * what a service's handler threw.
   */
  async next(): Promise<boolean> {
    const exchanges = (): GrpcExchange[] => [...this.kept.values()].map(({ exchange }) => exchange);
    for (let busy = exchanges().filter(({ isBusy }) => isBusy); busy.length > 0;) {
      await Promise.all(busy.map((exchange) => exchange.settled()));
      busy = exchanges().filter(({ isBusy }) => isBusy);
    }
    const [first] = exchanges()
      .flatMap((exchange) => (exchange.dueNanos === null ? [] : [{ exchange, dueNanos: exchange.dueNanos }]))
      .sort((a, b) => (a.dueNanos < b.dueNanos ? -1 : a.dueNanos > b.dueNanos ? 1 : 0));
    if (first === undefined) return false;
    this.passTimeUntil(first.dueNanos);
    if (first.exchange.dueNanos === first.dueNanos) this.deliver(first.exchange); // a tick may have cancelled it
    return true;
  }

  private deliver(exchange: GrpcExchange): void {
    exchange.deliver();
    const { token } = exchange.guest;
    if (exchange.hasEnded && this.kept.get(token)?.isReleased === true) this.kept.delete(token);
  }

  private passTimeUntil(dueNanos: bigint): void {
    const aheadNanos = dueNanos - this.clock.nowNanos();
    if (aheadNanos > 0n) this.clock.advance(Number(aheadNanos) / 1e6);
  }
}
