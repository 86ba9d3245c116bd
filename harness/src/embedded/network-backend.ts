import type { NetworkScenario, Observation, RunningConnection, RunningNetworkProxy } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import { Upstream } from "../upstream.ts";
import { EmbeddedProxy } from "./embedded-proxy.ts";
import { ClientConnections } from "./client-connections.ts";
import type { LoadedPlugin } from "./loaded-plugin.ts";
import { ProxyState } from "./proxy-state.ts";
import { RunningPlugins } from "./running-plugins.ts";
import { TcpStream } from "./tcp-stream.ts";

/** Network filters on the embedded host: what a client does is done, up to the upstream's handler, when it returns. */
export async function startEmbeddedNetwork(scenario: NetworkScenario): Promise<RunningNetworkProxy> {
  return new EmbeddedNetworkProxy(scenario);
}

class EmbeddedNetworkProxy extends EmbeddedProxy implements RunningNetworkProxy {
  private readonly scenario: NetworkScenario;
  private readonly clients: ClientConnections;
  private readonly filters: readonly LoadedPlugin[];
  private readonly open = new Set<TcpStream>();

  constructor(scenario: NetworkScenario) {
    const virtualHost = { name: "", metadata: {}, routes: [] };
    super(new ProxyState({ ...scenario, virtualHost, upstream: new Upstream(), grpcClusters: {} }));
    this.scenario = scenario;
    const plugins = new RunningPlugins(this.state, scenario.workers);
    this.clients = new ClientConnections(plugins.workers);
    this.filters = plugins.start(scenario.plugins);
  }

  async connect(): Promise<RunningConnection> {
    const { id, worker } = this.clients.open();
    const filters = this.filters.flatMap((filter) => filter.contextOn(worker) ?? []);
    const connection = new TcpStream(this.state, filters, this.scenario.upstream, id);
    this.open.add(connection);
    connection.begin(() => this.open.delete(connection));
    return connection;
  }

  override async settle(): Promise<Observation> {
    const seen = await super.settle();
    this.scenario.upstream.refuseFailure();
    const forgotten = [...this.open].filter(({ isForgotten }) => isForgotten);
    if (forgotten.length === 0) return seen;
    throw new HarnessError(
      "stream_stuck",
      `${forgotten.length} connections, whose clients have left, are held in onNewConnection, and nothing is left that could resume them`,
    );
  }
}
