import type { Observation, RunningProxy } from "./backend.ts";
import { outgoingRequest, type BodyInput, type ReceivedResponse, type RequestInput } from "./message.ts";
import type { AccessLogEntry } from "./observation.ts";
import { ObservedProxy, type StartedProxyOptions } from "./observed-proxy.ts";

/** A proxy with the filters of a scenario, started in one of the backends. What it says of HTTP is in its access log. */
export class StartedProxy extends ObservedProxy<RunningProxy> {
  private constructor(running: RunningProxy, baseline: Observation, options: StartedProxyOptions) {
    super(running, baseline, options);
  }

  /** Takes over a running backend; what happened before this moment is not counted. */
  static async over(running: RunningProxy, options: StartedProxyOptions): Promise<StartedProxy> {
    return new StartedProxy(running, await running.settle(), options);
  }

  /** Sends one request and resolves with the whole response. Refused with `filter_trapped` when a filter trapped. */
  async request(input: RequestInput): Promise<ReceivedResponse> {
    this.touch();
    try {
      return await this.running.send(outgoingRequest(input));
    } finally {
      await this.refuseTraps();
    }
  }

  /** `request` with the method GET. */
  get(path: string, options: Omit<RequestInput, "method" | "path" | "body"> = {}): Promise<ReceivedResponse> {
    return this.request({ ...options, method: "GET", path });
  }

  /** `request` with the method POST and a body. */
  post(
    path: string,
    body: BodyInput,
    options: Omit<RequestInput, "method" | "path" | "body"> = {},
  ): Promise<ReceivedResponse> {
    return this.request({ ...options, method: "POST", path, body });
  }

  /** One entry for each stream since the test began, in the order in which they ended. */
  get accessLog(): readonly AccessLogEntry[] {
    return this.settledSnapshot("accessLog").accessLog.slice(this.baseline.accessLog.length);
  }
}
