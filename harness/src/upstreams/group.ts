import type { ResponseInput } from "../message.ts";
import type { Gate } from "./gate.ts";
import { Upstream, type UpstreamFault, type UpstreamHandler } from "../upstream.ts";

/**
 * The upstreams of one cluster, an endpoint each. Every one answers with its own number in the header `x-endpoint`, until
 * it is told otherwise.
 *
 * @category Program the upstream
 */
export class UpstreamGroup {
  /** One for each endpoint, in their order. */
  readonly upstreams: readonly Upstream[];

  /** A group of so many endpoints. */
  constructor(size: number) {
    this.upstreams = Array.from({ length: size }, () => new Upstream());
    for (const [i, upstream] of this.upstreams.entries())
      upstream.respond({ headers: { "x-endpoint": String(i) }, body: "upstream" });
  }

  /** How many requests each has received since the test began; health checks are not among them. */
  get counts(): number[] {
    return this.upstreams.map(({ requests }) => requests.length);
  }

  /** Lets all of them answer so from now on. */
  respond(answer: ResponseInput | UpstreamFault | UpstreamHandler): void {
    for (const upstream of this.upstreams) upstream.respond(answer);
  }

  /** Holds the requests of all of them from now on, an own gate each. */
  hold(): Gate[] {
    return this.upstreams.map((upstream) => upstream.hold());
  }
}
