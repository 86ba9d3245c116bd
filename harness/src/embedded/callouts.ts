import type { HeaderList } from "../header-list.ts";
import { isFault, type Upstream } from "../upstream.ts";
import { answerTo, calloutRequest, timedOut } from "./callout-messages.ts";
import type { Progress } from "./progress.ts";
import type { RootContext } from "./root-context.ts";
import type { VirtualClock } from "./virtual-clock.ts";

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
  private lastToken = 0;

  constructor(clusters: Readonly<Record<string, Upstream>>, clock: VirtualClock, progress: Progress) {
    this.clusters = clusters;
    this.clock = clock;
    this.progress = progress;
  }

  /** A cluster by its name, or null when the scenario has none such. */
  cluster(name: string): Upstream | null {
    return Object.hasOwn(this.clusters, name) ? (this.clusters[name] ?? null) : null;
  }

  /** Sends a request and returns its number, a multiple of 4 as in Envoy. */
  start(upstream: Upstream, callout: GuestCallout): number {
    const token = (this.lastToken += 4);
    this.progress.during(this.ask(upstream, callout, token), null);
    return token;
  }

  private async ask(upstream: Upstream, callout: GuestCallout, token: number): Promise<void> {
    this.clock.stand();
    const reaction = await upstream.handle(calloutRequest(callout));
    const timeoutMs = callout.timeoutMs === 0 ? Infinity : callout.timeoutMs;
    const delayMs = isFault(reaction) ? (reaction.fault === "silence" ? Infinity : 0) : reaction.delayMs;
    if (Math.min(delayMs, timeoutMs) === Infinity) return;
    const answer = delayMs < timeoutMs ? answerTo(reaction) : timedOut();
    this.clock.after(Math.min(delayMs, timeoutMs), () => callout.root.answerCall(token, answer));
  }
}
