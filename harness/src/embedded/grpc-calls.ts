import { GrpcReceivedCall } from "../grpc/call.ts";
import type { GrpcUpstream } from "../grpc/upstream.ts";
import type { HeaderList } from "../header-list.ts";
import { GrpcExchange } from "./grpc-exchange.ts";
import type { Progress } from "./progress.ts";
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

/** The gRPC calls and streams of a proxy. */
export class GrpcCalls {
  private readonly clusters: Readonly<Record<string, GrpcUpstream>>;
  private readonly clock: VirtualClock;
  private readonly progress: Progress;
  private readonly kept = new Map<number, Kept>();
  private readonly lastTokens = { ...kinds };

  constructor(clusters: Readonly<Record<string, GrpcUpstream>>, clock: VirtualClock, progress: Progress) {
    this.clusters = clusters;
    this.clock = clock;
    this.progress = progress;
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
    const guest = { root, token, isStream, call, timeoutMs };
    const exchange = new GrpcExchange(guest, {
      after: (delayMs, happen) => this.clock.after(delayMs, happen),
      during: (work) => this.progress.during(work, null),
      ended: () => this.forgetEnded(token),
    });
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
    if (!kept.isHalfClosed && !kept.exchange.hasEnded) kept.exchange.halfClose();
    kept.isHalfClosed = true;
  }

  /** Lets Envoy forget a stream, once it has ended. */
  release(token: number, kept: Kept): void {
    kept.isReleased = true;
    if (kept.exchange.hasEnded) this.kept.delete(token);
  }

  private forgetEnded(token: number): void {
    if (this.kept.get(token)?.isReleased === true) this.kept.delete(token);
  }
}
