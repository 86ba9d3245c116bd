import type { NetworkScenario, Observation, RunningConnection, RunningNetworkProxy } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import { Upstream } from "../upstream.ts";
import { EmbeddedProxy } from "./embedded-proxy.ts";
import { ProxyState } from "./proxy-state.ts";
import type { RootContext } from "./root-context.ts";
import { RunningPlugins } from "./running-plugins.ts";
import { TcpStream } from "./tcp-stream.ts";

/** Network filters on the embedded host: what a client does is done, up to the upstream's handler, when it returns. */
export async function startEmbeddedNetwork(scenario: NetworkScenario): Promise<RunningNetworkProxy> {
  return new EmbeddedNetworkProxy(scenario);
}

class EmbeddedNetworkProxy extends EmbeddedProxy implements RunningNetworkProxy {
  private readonly scenario: NetworkScenario;
  private readonly roots: readonly RootContext[];
  private readonly connections: TcpStream[] = [];

  constructor(scenario: NetworkScenario) {
    const virtualHost = { name: "", metadata: {}, routes: [] };
    super(new ProxyState({ ...scenario, virtualHost, upstream: new Upstream(), grpcClusters: {} }));
    this.scenario = scenario;
    this.roots = new RunningPlugins(this.state).start(scenario.plugins);
  }

  async connect(): Promise<RunningConnection> {
    const number = this.connections.length + 1;
    const connection = new TcpStream(this.state, this.roots, this.scenario.upstream, number);
    this.connections.push(connection);
    connection.begin();
    return connection;
  }

  override async settle(): Promise<Observation> {
    const seen = await super.settle();
    this.scenario.upstream.refuseFailure();
    const forgotten = this.connections.filter(({ isForgotten }) => isForgotten);
    if (forgotten.length === 0) return seen;
    throw new HarnessError(
      "stream_stuck",
      `${forgotten.length} connections, whose clients have left, are held in onNewConnection, and nothing is left that could resume them`,
    );
  }
}
