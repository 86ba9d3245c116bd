import type { HeaderList } from "../header-list.ts";
import { isFault, type Upstream } from "../upstream.ts";
import { answerTo, calloutRequest, timedOut } from "./callout-messages.ts";
import type { RootContext } from "./root-context.ts";

/** A request that a guest has asked its host to send. */
export interface GuestCallout {
  readonly root: RootContext;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  readonly trailers: HeaderList;
  /** 0 waits for ever. */
  readonly timeoutMs: number;
}

/** An answer on its way to a guest. */
interface Arrival {
  readonly dueMs: number;
  readonly deliver: () => void;
}

/**
 * The callouts of a proxy. Answers arrive in the order in which they would: an upstream's delay and a callout's timeout
 * are compared, and nobody waits for real.
 */
export class Callouts {
  private readonly clusters: Readonly<Record<string, Upstream>>;
  private readonly asked = new Set<Promise<void>>();
  private readonly arrivals: Arrival[] = [];
  private nowMs = 0;
  private lastToken = 0;

  constructor(clusters: Readonly<Record<string, Upstream>>) {
    this.clusters = clusters;
  }

  /** A cluster by its name, or null when the scenario has none such. */
  cluster(name: string): Upstream | null {
    return Object.hasOwn(this.clusters, name) ? (this.clusters[name] ?? null) : null;
  }

  /** Sends a request and returns its number, a multiple of 4 as in Envoy. */
  start(upstream: Upstream, callout: GuestCallout): number {
    const token = (this.lastToken += 4);
    const asking = this.ask(upstream, callout, token, this.nowMs);
    this.asked.add(asking);
    void asking.catch(() => undefined).finally(() => this.asked.delete(asking));
    return token;
  }

  /** Delivers the answer that is due next; false when none is left. Refused with what an upstream's handler threw. */
  async next(): Promise<boolean> {
    await Promise.all(this.asked);
    this.arrivals.sort((a, b) => a.dueMs - b.dueMs);
    const arrival = this.arrivals.shift();
    if (arrival === undefined) return false;
    this.nowMs = Math.max(this.nowMs, arrival.dueMs);
    arrival.deliver();
    return true;
  }

  private async ask(
    upstream: Upstream,
    callout: GuestCallout,
    token: number,
    startMs: number,
  ): Promise<void> {
    const reaction = await upstream.handle(calloutRequest(callout));
    const timeoutMs = callout.timeoutMs === 0 ? Infinity : callout.timeoutMs;
    const delayMs = isFault(reaction) ? (reaction.fault === "silence" ? Infinity : 0) : reaction.delayMs;
    if (Math.min(delayMs, timeoutMs) === Infinity) return;
    const answer = delayMs < timeoutMs ? answerTo(reaction) : timedOut();
    this.arrivals.push({
      dueMs: startMs + Math.min(delayMs, timeoutMs),
      deliver: () => callout.root.answerCall(token, answer),
    });
  }
}
