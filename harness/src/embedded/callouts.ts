import type { HeaderList } from "../header-list.ts";
import { isFault, type Upstream } from "../upstream.ts";
import { answerTo, calloutRequest, timedOut } from "./callout-messages.ts";
import { CalloutPool } from "./callout-pool.ts";
import type { Progress } from "./progress.ts";
import type { RootContext } from "./root-context.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import type { VmPlace } from "./vm-place.ts";
import type { Vm } from "./vm.ts";

/** A request that a guest has asked its host to send. */
export interface GuestCallout {
  readonly root: RootContext;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  readonly trailers: HeaderList;
  /** 0 waits for ever. */
  readonly timeoutMs: number;
}

/** The callouts of a proxy. An answer is due when the upstream's delay or the callout's timeout is over, whichever is first. */
export class Callouts {
  private readonly clusters: Readonly<Record<string, Upstream>>;
  private readonly clock: VirtualClock;
  private readonly progress: Progress;
  /** A thread's connections are its own. */
  private readonly pools = new WeakMap<VmPlace, Map<Upstream, CalloutPool>>();
  private readonly lastTokens = new WeakMap<Vm, number>();

  constructor(clusters: Readonly<Record<string, Upstream>>, clock: VirtualClock, progress: Progress) {
    this.clusters = clusters;
    this.clock = clock;
    this.progress = progress;
  }

  /** A cluster by its name, or null when the scenario has none such. */
  cluster(name: string): Upstream | null {
    return Object.hasOwn(this.clusters, name) ? (this.clusters[name] ?? null) : null;
  }

  /**
   * Sends a request and returns its number, a multiple of 4 as in Envoy, which counts them for each VM; null when too many
   * wait for that upstream.
   */
  start(upstream: Upstream, callout: GuestCallout): number | null {
    const { vm } = callout.root;
    const token = (this.lastTokens.get(vm) ?? 0) + 4;
    this.lastTokens.set(vm, token);
    if (vm.place.isCanary) return token; // it ends before anything is sent
    return this.isSent(upstream, callout, token) ? token : null;
  }

  /** Sends it at once, or when another one is answered, unless its time is over by then. */
  private isSent(upstream: Upstream, callout: GuestCallout, token: number): boolean {
    const pool = this.poolOf(callout.root.vm.place, upstream);
    const { timeoutMs } = callout;
    const startNanos = this.clock.stand();
    let takeBack = (): void => undefined;
    let hasBegun = false;
    const send = (): void => {
      hasBegun = true;
      takeBack();
      const waitedMs = Number(this.clock.nowNanos() - startNanos) / 1e6;
      const leftMs = timeoutMs === 0 ? Infinity : timeoutMs - waitedMs;
      this.progress.during(this.ask(upstream, callout, { token, leftMs }), null);
    };
    const isTaken = pool.admit(send);
    if (isTaken && !hasBegun && timeoutMs > 0)
      takeBack = this.clock.after(timeoutMs, () => {
        pool.forget(send);
        callout.root.answerCall(token, timedOut());
      });
    return isTaken;
  }

  private async ask(
    upstream: Upstream,
    callout: GuestCallout,
    { token, leftMs }: { token: number; leftMs: number },
  ): Promise<void> {
    this.clock.stand();
    const reaction = await upstream.handle(calloutRequest(callout));
    const delayMs = isFault(reaction) ? (reaction.fault === "silence" ? Infinity : 0) : reaction.delayMs;
    if (Math.min(delayMs, leftMs) === Infinity) return;
    const answer = delayMs < leftMs ? answerTo(reaction) : timedOut();
    this.clock.after(Math.min(delayMs, leftMs), () => {
      this.poolOf(callout.root.vm.place, upstream).leave();
      callout.root.answerCall(token, answer);
    });
  }

  private poolOf(place: VmPlace, upstream: Upstream): CalloutPool {
    const pools = this.pools.get(place) ?? new Map<Upstream, CalloutPool>();
    const pool = pools.get(upstream) ?? new CalloutPool((connected) => this.clock.after(0, connected));
    this.pools.set(place, pools.set(upstream, pool));
    return pool;
  }
}
