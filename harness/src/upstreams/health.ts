import { outgoingResponse, type StreamedResponse } from "../message.ts";
import { Tally } from "../tally.ts";

/**
 * What an upstream answers to the health checks of Envoy, which it knows by their `user-agent`. It is healthy at first.
 *
 * @category Program the upstream
 */
export class UpstreamHealth {
  private readonly tally = new Tally();
  private status = 200;

  /** How many health checks have come. */
  get checks(): number {
    return this.tally.count;
  }

  /** Resolves as soon as so many health checks have come since the test began. */
  checked(count: number): Promise<void> {
    return this.tally.reached(count);
  }

  /** Answers 200 from now on. */
  pass(): void {
    this.status = 200;
  }

  /** Answers with this status from now on. */
  fail(status = 503): void {
    this.status = status;
  }

  /** Called by a backend for each health check. @internal */
  answer(): StreamedResponse {
    this.tally.raiseTo(this.tally.count + 1);
    return outgoingResponse({ status: this.status });
  }
}

/** What Envoy calls itself when it checks the health of an upstream. */
const healthChecker = "Envoy/HC";

export function isHealthCheck({ headers }: { headers: { get(name: string): string | null } }): boolean {
  return headers.get("user-agent") === healthChecker;
}
