import type { Observation, RunningNetworkProxy } from "./backend.ts";
import { ClientConnection } from "./client-connection.ts";
import { ObservedProxy, type StartedProxyOptions } from "./observed-proxy.ts";

/**
 * A listener with the network filters of a scenario before a TCP upstream, started in one of the backends. `settled()`
 * waits until every connection that is over is logged and deleted; those that the test holds open stay.
 *
 * @category Send and receive
 */
export class StartedNetworkProxy extends ObservedProxy<RunningNetworkProxy> {
  private constructor(running: RunningNetworkProxy, baseline: Observation, options: StartedProxyOptions) {
    super(running, baseline, options);
  }

  /** Takes over a running backend; what is read begins here, what is counted before its plugins started. @internal */
  static async over(
    running: RunningNetworkProxy,
    options: StartedProxyOptions,
  ): Promise<StartedNetworkProxy> {
    return new StartedNetworkProxy(running, await running.baseline(), options);
  }

  /** Connects a client. What is still open when the proxy is disposed of is broken off. */
  async connect(): Promise<ClientConnection> {
    this.touch();
    return new ClientConnection(await this.running.connect(), {
      touch: () => this.touch(),
      refuseTraps: () => this.refuseTraps(),
    });
  }
}
