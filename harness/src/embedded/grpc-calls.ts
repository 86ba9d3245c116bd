import { GrpcReceivedCall } from "../grpc/call.ts";
import type { GrpcUpstream } from "../grpc/upstream.ts";
import type { HeaderList } from "../header-list.ts";
import { GrpcExchange } from "./grpc-exchange.ts";
import { GrpcPool } from "./grpc-pool.ts";
import type { Progress } from "./progress.ts";
import type { RootContext } from "./root-context.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import type { Vm } from "./vm.ts";

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

/** The gRPC calls and streams of a proxy, which each plugin knows by the numbers of its VM. */
export class GrpcCalls {
  private readonly clusters: Readonly<Record<string, GrpcUpstream>>;
  private readonly clock: VirtualClock;
  private readonly progress: Progress;
  private readonly pools = new Map<GrpcUpstream, GrpcPool>();
  private readonly kept = new WeakMap<RootContext, Map<number, Kept>>();
  private readonly lastTokens = new WeakMap<Vm, Record<Kind, number>>();

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
  nextToken(vm: Vm, kind: Kind): number {
    const last = this.lastTokens.get(vm) ?? { ...kinds };
    this.lastTokens.set(vm, last);
    return (last[kind] += 4);
  }

  /** Whether a number is one of a kind. */
  isOf(kind: Kind, token: number): boolean {
    return (token & 3) === kinds[kind];
  }

  /**
   * Begins a call or a stream, and returns its service's side for what the guest sends; null when too many are open. A
   * canary ends before anything is sent.
   */
  start(
    upstream: GrpcUpstream,
    token: number,
    { kind, root, timeoutMs, ...request }: GrpcStart,
  ): GrpcReceivedCall | null {
    const pool = root.vm.place.isCanary ? null : this.poolOf(upstream);
    const admission = pool?.admit();
    if (admission === "refused") return null;
    const call = new GrpcReceivedCall(request);
    const isStream = kind === "stream";
    const guest = { root, token, isStream, call, timeoutMs };
    const exchange = new GrpcExchange(guest, {
      after: (delayMs, happen) => this.clock.after(delayMs, happen),
      during: (work) => this.progress.during(work, null),
      ended: () => this.forgetEnded(root, token),
      over: () => admission === "sent" && pool?.leave(),
    });
    this.of(root).set(token, { exchange, isHalfClosed: !isStream, isReleased: !isStream });
    if (admission === "sent") exchange.start(upstream);
    if (admission === "refused late") exchange.overflow();
    return call;
  }

  /** What Envoy keeps for a plugin under a number; null when it has forgotten it, or never knew it. */
  find(root: RootContext | null, token: number): Kept | null {
    return root === null ? null : (this.of(root).get(token) ?? null);
  }

  /** Gives up a call or a stream, and forgets it. */
  cancel(root: RootContext, token: number): void {
    this.find(root, token)?.exchange.cancel();
    this.of(root).delete(token);
  }

  /** Ends the guest's side of a stream. */
  halfClose(kept: Kept): void {
    if (!kept.isHalfClosed && !kept.exchange.hasEnded) kept.exchange.halfClose();
    kept.isHalfClosed = true;
  }

  /** Lets Envoy forget a stream, once it has ended. */
  release(root: RootContext, token: number): void {
    const kept = this.find(root, token);
    if (kept === null) return;
    kept.isReleased = true;
    if (kept.exchange.hasEnded) this.of(root).delete(token);
  }

  private poolOf(upstream: GrpcUpstream): GrpcPool {
    const pool = this.pools.get(upstream) ?? new GrpcPool((connected) => this.clock.after(0, connected));
    this.pools.set(upstream, pool);
    return pool;
  }

  private forgetEnded(root: RootContext, token: number): void {
    if (this.find(root, token)?.isReleased === true) this.of(root).delete(token);
  }

  private of(root: RootContext): Map<number, Kept> {
    const known = this.kept.get(root) ?? new Map<number, Kept>();
    this.kept.set(root, known);
    return known;
  }
}
