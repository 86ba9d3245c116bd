import {
  type EnvoyPool,
  startNetworkProxy,
  TcpUpstream,
  Upstream,
  type ClientConnection,
  type NetworkProxyOptions,
  type ResponseInput,
  type TcpHandler,
  type UpstreamFault,
} from "proxy-wasm-harness";
import { expect } from "vitest";
import { crossing } from "./crossing.ts";

/** One connection through network filters. What is sent at once has to be so little that it stays in one piece. */
export interface NetworkExchange {
  readonly chain: NetworkProxyOptions["chain"];
  /** What the client does. */
  readonly client: (connection: ClientConnection) => Promise<unknown>;
  /** Default: sends back what comes. */
  readonly upstream?: TcpHandler | "refuses";
  /** What the cluster `service` answers to callouts. */
  readonly service?: ResponseInput | UpstreamFault;
}

/** Holds everything that the embedded backend shows of a connection against a real Envoy. */
export async function expectNetworkParity(envoys: EnvoyPool, exchange: NetworkExchange): Promise<void> {
  const [embedded, real] = [
    { backend: "embedded" as const },
    { backend: "envoy" as const, envoy: { pool: envoys } },
  ];
  expect(await everythingSeen(embedded, exchange)).toEqual(await everythingSeen(real, exchange));
}

const echo: TcpHandler = { data: (connection, bytes) => connection.send(bytes) };

/** What the client got, what the upstream got, the filters' logs, and their calls in order. */
async function everythingSeen(
  where: Pick<NetworkProxyOptions, "backend" | "envoy">,
  exchange: NetworkExchange,
) {
  const [upstream, service] = [new TcpUpstream(), new Upstream()];
  if (exchange.upstream === "refuses") upstream.refuse();
  else upstream.serve(exchange.upstream ?? echo);
  if (exchange.service !== undefined) service.respond(exchange.service);
  const { chain } = exchange;
  await using proxy = await startNetworkProxy({
    ...where,
    upstream,
    clusters: { service },
    chain,
  });
  const client = await exchange.client(await proxy.connect());
  await proxy.settled();
  return {
    client,
    upstream: upstream.connections.map(({ received, ending }) => [text(received), ending]),
    callouts: service.requests.length,
    logs: proxy.logs.map(({ level, source, message }) => `${level} ${source} ${withoutVarying(message)}`),
    transcript: proxy.transcript.map(crossing),
  };
}

/** Sends text, waits for as much or for the end, ends, and tells what came and how it ended. */
export function pingPong(sent: string): NetworkExchange["client"] {
  return async (connection) => {
    await connection.send(sent);
    const received = await connection.receive(sent.length).then(text, () => "less");
    await connection.end();
    return [received, await connection.closed()];
  };
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

/** Numbers of connections and ports differ from run to run. */
function withoutVarying(line: string): string {
  return line
    .replace(/(new connection, id) \d+/, "$1 …")
    .replace(/(connection\.?_?id) [\d ]+/, "$1 …")
    .replace(/(\.port) .+/, "$1 …")
    .replace(/(127\.0\.0\.1):\d+/, "$1:…");
}
