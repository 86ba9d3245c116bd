import type { Observation } from "../backend.ts";
import { ClientConnection } from "../client-connection.ts";
import type { GrpcClient } from "../clients/grpc-client.ts";
import { openWebSocket } from "../clients/web-socket-client.ts";
import { HeaderList, type HeadersInput } from "../header-list.ts";
import { outgoingRequest, type BodyInput, type ReceivedResponse, type RequestInput } from "../message.ts";
import type { AccessLogEntry } from "../observation.ts";
import { ObservedProxy, type StartedProxyOptions } from "../observed-proxy.ts";
import type { Upstream } from "../upstream.ts";
import type { HttpUpstreamServer } from "../upstreams/http-upstream-server.ts";
import type { WebSocketAnswer } from "../websockets/connection.ts";
import type { ClientChoice } from "./listener-clients.ts";
import type { RunningScenario } from "./running-scenario.ts";
import type { ScenarioChange } from "./scenario.ts";

/**
 * What a test sends to a listener, and how it comes there.
 *
 * @category Send and receive
 */
export interface ScenarioRequest extends RequestInput, ClientChoice {}

/**
 * How a test asks for a WebSocket.
 *
 * @category Send and receive
 */
export interface WebSocketOptions extends Omit<ClientChoice, "protocol"> {
  /** Default "localhost". */
  readonly authority?: string;
  /** Default none. */
  readonly headers?: HeadersInput;
  /** The subprotocols that are offered, the best first. Default none. */
  readonly protocols?: readonly string[];
}

/**
 * Where a client connects to.
 *
 * @category Send and receive
 */
export interface ListenerAddress {
  /** An address of IPv4. */
  readonly host: string;
  /** Of TCP, or of UDP for HTTP/3. */
  readonly port: number;
}

/**
 * A real Envoy that does what a scenario says. A listener is named in whatever is sent to it; what is read is as of every
 * proxy, over all listeners.
 *
 * @category Send and receive
 */
export class StartedScenario extends ObservedProxy<RunningScenario> {
  private constructor(running: RunningScenario, baseline: Observation, options: StartedProxyOptions) {
    super(running, baseline, options);
  }

  /** Takes over a running Envoy; what is read begins here, what is counted before its start. @internal */
  static async over(running: RunningScenario, options: StartedProxyOptions): Promise<StartedScenario> {
    return new StartedScenario(running, await running.baseline(), options);
  }

  /**
   * Sends one request and resolves with the whole response. Refused with `filter_trapped` when a filter trapped, and with
   * `tls_refused`.
   */
  async request(listener: string, input: ScenarioRequest): Promise<ReceivedResponse> {
    this.touch();
    const { protocol, tls, localAddress, ...request } = input;
    try {
      const choice = choiceOf({ protocol, tls, localAddress });
      return await this.running.send(listener, choice, outgoingRequest(request));
    } finally {
      await this.refuseTraps();
    }
  }

  /** `request` with the method GET. */
  get(
    listener: string,
    path: string,
    options: Omit<ScenarioRequest, "method" | "path" | "body"> = {},
  ): Promise<ReceivedResponse> {
    return this.request(listener, { ...options, method: "GET", path });
  }

  /** `request` with the method POST and a body. */
  post(
    listener: string,
    path: string,
    options: Omit<ScenarioRequest, "method" | "path"> & { body: BodyInput },
  ): Promise<ReceivedResponse> {
    return this.request(listener, { ...options, method: "POST", path });
  }

  /** Asks for a WebSocket. Resolves with the answer, whatever its status. */
  async webSocket(listener: string, path: string, options: WebSocketOptions = {}): Promise<WebSocketAnswer> {
    this.touch();
    const clients = await this.running.clientsOf(listener);
    const { authority = "localhost", protocols = [] } = options;
    const headers = HeaderList.from(options.headers);
    return openWebSocket(clients.target(options), { path, authority, headers, protocols });
  }

  /** A gRPC client with a connection of its own; it is disposed of with the scenario. */
  async grpc(listener: string, options: Omit<ClientChoice, "protocol"> = {}): Promise<GrpcClient> {
    this.touch();
    return (await this.running.clientsOf(listener)).grpc(options);
  }

  /** Connects a client over TCP. What is still open when the scenario is disposed of is broken off. */
  async connect(listener: string): Promise<ClientConnection> {
    this.touch();
    return new ClientConnection(await this.running.connect(listener), {
      touch: () => this.touch(),
      refuseTraps: () => this.refuseTraps(),
    });
  }

  /** The port at which a listener is reached, on the host of its `address`. */
  async port(listener: string): Promise<number> {
    return (await this.address(listener)).port;
  }

  /** Where a listener is reached from here: on 127.0.0.1 in the backend `envoy`. */
  async address(listener: string): Promise<ListenerAddress> {
    const { host, port } = (await this.running.clientsOf(listener)).address;
    return { host, port };
  }

  /** The server around an upstream of the test: its connections, its TLS handshakes, its port to close and open again. */
  server(upstream: Upstream): HttpUpstreamServer {
    return this.running.servers.serverOf(upstream);
  }

  /**
   * Gives Envoy something else, in the order in which nothing refers to what is not there; resolves when its workers have
   * it. Routes alone are swapped while streams go on; a listener that changes closes the connections that it replaces
   * after `envoy.drainSeconds`. Refused as starting is; everything is as it was then.
   */
  async update(change: ScenarioChange): Promise<void> {
    this.touch();
    await this.running.update(change);
  }

  /** One entry for each stream since the test began, in the order in which they ended, with its listener. */
  get accessLog(): readonly AccessLogEntry[] {
    return this.settledSnapshot("accessLog").accessLog.slice(this.baseline.accessLog.length);
  }
}

function choiceOf({
  protocol,
  tls,
  localAddress,
}: { [K in keyof ClientChoice]-?: ClientChoice[K] | undefined }): ClientChoice {
  return {
    ...(protocol === undefined ? {} : { protocol }),
    ...(tls === undefined ? {} : { tls }),
    ...(localAddress === undefined ? {} : { localAddress }),
  };
}
