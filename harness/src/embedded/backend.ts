import type { Observation, RunningProxy, Scenario } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { OutgoingRequest, ReceivedResponse } from "../message.ts";
import type { Trap } from "../observation.ts";
import { HttpStream } from "./http-stream.ts";
import { ProxyState } from "./proxy-state.ts";
import { RootContext } from "./root-context.ts";
import { Vm } from "./vm.ts";

/**
 * Backend 1: a proxy-wasm host on V8, in this process. A request runs to its end inside `send`, up to the upstream's
 * handler.
 */
export async function startEmbedded(scenario: Scenario): Promise<RunningProxy> {
  return new EmbeddedProxy(scenario);
}

class EmbeddedProxy implements RunningProxy {
  private readonly scenario: Scenario;
  private readonly state: ProxyState;
  private readonly roots: readonly RootContext[];
  private readonly open = new Set<Promise<ReceivedResponse>>();

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.state = new ProxyState(scenario);
    const vms = new Map<string, Vm>();
    this.roots = scenario.plugins.map((plugin) => {
      const key = `${plugin.vmId} ${plugin.module.sha256}`;
      const vm = vms.get(key) ?? new Vm(this.state, plugin.module);
      vms.set(key, vm);
      return RootContext.start(vm, plugin);
    });
  }

  async send(request: OutgoingRequest): Promise<ReceivedResponse> {
    const response = new HttpStream(this.state, this.roots, request).run(this.scenario.upstream);
    this.open.add(response);
    try {
      return await response;
    } finally {
      this.open.delete(response);
    }
  }

  async traps(): Promise<readonly Trap[]> {
    return this.state.traps;
  }

  /** Moves the clock, and with it everything that waits for a time. */
  async advance(ms: number): Promise<void> {
    this.state.clock.advance(ms);
  }

  async prometheus(): Promise<string> {
    throw new HarnessError(
      "unsupported",
      "the embedded backend has no page for Prometheus: read proxy.stats, or run this test in a real Envoy (vitest --project envoy)",
    );
  }

  async settle(): Promise<Observation> {
    await Promise.allSettled(this.open);
    while (await this.state.nextAnswer()); // those that outlived their streams
    const { metrics, logs, accessLog, transcript, traps } = this.state;
    return {
      metrics: metrics.values(),
      histograms: metrics.summaries(),
      logs: [...logs],
      accessLog: [...accessLog],
      transcript: [...transcript],
      traps: [...traps],
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.open);
  }
}
