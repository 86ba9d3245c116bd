import { readFile } from "node:fs/promises";
import type { Observation } from "../backend.ts";
import { outgoingRequest, type BodyInput, type ReceivedResponse } from "../message.ts";
import type { AccessLogEntry } from "../observation.ts";
import { ObservedProxy, type StartedProxyOptions } from "../observed-proxy.ts";
import type { ScenarioRequest } from "../scenario/started-scenario.ts";
import type { RunningBootstrap } from "./running-bootstrap.ts";

interface StartedBootstrapOptions extends StartedProxyOptions {
  readonly accessLogFile: string;
}

/**
 * A real Envoy that runs a bootstrap file as it stands, but for its modules, its addresses and its clusters' servers. A
 * listener is named by its name, or by its port in the file.
 *
 * @category Send and receive
 */
export class StartedBootstrap extends ObservedProxy<RunningBootstrap> {
  private readonly accessLogFile: string;

  private constructor(running: RunningBootstrap, baseline: Observation, options: StartedBootstrapOptions) {
    super(running, baseline, options);
    this.accessLogFile = options.accessLogFile;
  }

  /** Takes over a running Envoy; what is read begins here, what is counted before its start. @internal */
  static async over(running: RunningBootstrap, options: StartedBootstrapOptions): Promise<StartedBootstrap> {
    return new StartedBootstrap(running, await running.baseline(), options);
  }

  /** Sends one request and resolves with the whole response. Refused with `filter_trapped` when a filter trapped. */
  async request(listener: string | number, input: ScenarioRequest): Promise<ReceivedResponse> {
    this.touch();
    const { protocol, tls, localAddress, ...request } = input;
    const choice = {
      ...(protocol === undefined ? {} : { protocol }),
      ...(tls === undefined ? {} : { tls }),
      ...(localAddress === undefined ? {} : { localAddress }),
    };
    try {
      return await this.running.send(listener, choice, outgoingRequest(request));
    } finally {
      await this.refuseTraps();
    }
  }

  /** `request` with the method GET. */
  get(
    listener: string | number,
    path: string,
    options: Omit<ScenarioRequest, "method" | "path" | "body"> = {},
  ): Promise<ReceivedResponse> {
    return this.request(listener, { ...options, method: "GET", path });
  }

  /** `request` with the method POST and a body. */
  post(
    listener: string | number,
    path: string,
    options: Omit<ScenarioRequest, "method" | "path"> & { body: BodyInput },
  ): Promise<ReceivedResponse> {
    return this.request(listener, { ...options, method: "POST", path });
  }

  /** One entry for each stream since the test began, in the order in which they ended. */
  get accessLog(): readonly AccessLogEntry[] {
    return this.settledSnapshot("accessLog").accessLog.slice(this.baseline.accessLog.length);
  }

  /** What the file's own access logs have written, all of them together; "" when there is none. */
  async accessLogText(): Promise<string> {
    this.settledSnapshot("accessLogText");
    return readFile(this.accessLogFile, "utf8").catch(() => "");
  }
}
