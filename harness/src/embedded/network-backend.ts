import type { NetworkScenario, Observation, RunningConnection, RunningNetworkProxy } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import type { Trap } from "../observation.ts";
import { Upstream } from "../upstream.ts";
import { noPrometheus, observationOf } from "./backend.ts";
import { ProxyState } from "./proxy-state.ts";
import type { RootContext } from "./root-context.ts";
import { RunningPlugins } from "./running-plugins.ts";
import { TcpStream } from "./tcp-stream.ts";

/** Network filters on the embedded host: what a client does is done, up to the upstream's handler, when it returns. */
export async function startEmbeddedNetwork(scenario: NetworkScenario): Promise<RunningNetworkProxy> {
  return new EmbeddedNetworkProxy(scenario);
}

class EmbeddedNetworkProxy implements RunningNetworkProxy {
  private readonly scenario: NetworkScenario;
  private readonly state: ProxyState;
  private readonly roots: readonly RootContext[];
  private readonly connections: TcpStream[] = [];

  constructor(scenario: NetworkScenario) {
    this.scenario = scenario;
    const virtualHost = { name: "", metadata: {}, routes: [] };
    this.state = new ProxyState({ ...scenario, virtualHost, upstream: new Upstream(), grpcClusters: {} });
    this.roots = new RunningPlugins(this.state).start(scenario.plugins);
  }

  async connect(): Promise<RunningConnection> {
    const number = this.connections.length + 1;
    const connection = new TcpStream(this.state, this.roots, this.scenario.upstream, number);
    this.connections.push(connection);
    connection.begin();
    return connection;
  }

  async traps(): Promise<readonly Trap[]> {
    return this.state.traps;
  }

  async advance(ms: number): Promise<void> {
    await this.state.progress.advance(ms);
  }

  freeze(): void {
    this.state.progress.freeze();
  }

  async prometheus(): Promise<string> {
    throw noPrometheus();
  }

  async settle(): Promise<Observation> {
    await this.state.progress.settled();
    this.scenario.upstream.refuseFailure();
    const forgotten = this.connections.filter(({ isForgotten }) => isForgotten);
    if (forgotten.length === 0) return observationOf(this.state);
    throw new HarnessError(
      "stream_stuck",
      `${forgotten.length} connections, whose clients have left, are held in onNewConnection, and nothing is left that could resume them`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.state.progress.thaw();
    this.connections.length = 0;
  }
}
