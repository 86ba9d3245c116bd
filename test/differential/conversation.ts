import {
  HarnessError,
  startNetworkProxy,
  TcpUpstream,
  Upstream,
  type ClientConnection,
  type NetworkProxyOptions,
  type ResponseInput,
  type StartedNetworkProxy,
  type TcpHandler,
  type UpstreamFault,
} from "proxy-wasm-harness";

/** What a client does, and waits for, in turn. What is sent at once has to be so little that it stays in one piece. */
export type Turn =
  | readonly ["sends", string]
  | readonly ["receives", number]
  | readonly ["receives until", string]
  | readonly ["receives the rest"]
  | readonly ["ends"]
  | readonly ["leaves"]
  | readonly ["is closed"];

/** What an upstream does. */
export const upstreams = {
  echoes: { data: (connection, bytes) => connection.send(bytes) },
  greets: { connect: (connection) => connection.send("hello\n") },
  "ends when it has data": { data: (connection) => connection.end() },
  "ends at once": { connect: (connection) => connection.end() },
  "breaks off when it has data": { data: (connection) => connection.reset() },
  "says nothing": {},
} as const satisfies Readonly<Record<string, TcpHandler>>;

/** What an upstream is like. */
export type UpstreamKind = keyof typeof upstreams | "refuses";

/** What a client and an upstream say to each other. */
export interface Conversation {
  readonly turns: readonly Turn[];
  /** Default: it echoes. */
  readonly behaviour?: UpstreamKind;
  /** What the cluster `service` answers to callouts. */
  readonly service?: ResponseInput | UpstreamFault;
}

interface Through {
  readonly chain: NetworkProxyOptions["chain"];
  readonly conversation: Conversation;
  /** What is done to the proxy before the client connects. */
  readonly prepare: ((proxy: StartedNetworkProxy) => void) | undefined;
}

/** Lets a client converse through network filters: what it got, what the upstream got, and what the filters logged. */
export async function converse(
  where: Pick<NetworkProxyOptions, "backend" | "envoy">,
  { chain, conversation, prepare }: Through,
) {
  const { turns, behaviour = "echoes", service: answer } = conversation;
  const [upstream, service] = [new TcpUpstream(), new Upstream()];
  if (behaviour === "refuses") upstream.refuse();
  else upstream.serve(upstreams[behaviour]);
  if (answer !== undefined) service.respond(answer);
  await using proxy = await startNetworkProxy({
    ...where,
    upstream,
    clusters: { service },
    chain,
    allowTraps: true,
  });
  prepare?.(proxy);
  const received = await taken(await proxy.connect(), turns);
  await proxy.settled();
  return {
    received,
    upstream: upstream.connections.map(({ received, ending }) => [text(received), ending]),
    service: service.requests.map(({ method, path, body }) => [method, path, text(body)]),
    traps: proxy.traps.map(({ callback, reason }) => [callback, reason]),
    logs: proxy.logs.map(({ level, message }) => `${level} ${message}`),
  };
}

/** Takes a client's turns, and says what each of them brought. */
export async function taken(connection: ClientConnection, turns: readonly Turn[]): Promise<string[]> {
  const received: string[] = [];
  for (const turn of turns) received.push(await take(connection, turn));
  return received;
}

/** What a turn brings; a connection that is over brings nothing more. */
async function take(connection: ClientConnection, turn: Turn): Promise<string> {
  switch (turn[0]) {
    case "sends":
      await connection.send(turn[1]);
      return "";
    case "receives":
      return connection.receive(turn[1]).then(text, over);
    case "receives until":
      return connection.receiveUntil(turn[1]).then(text, over);
    case "receives the rest":
      return connection.receiveRest().then(text, over);
    case "ends":
      await connection.end();
      return "";
    case "leaves":
      await connection.reset();
      return "";
    case "is closed":
      return connection.closed().catch(over);
  }
}

function over(error: unknown): string {
  const { code } = HarnessError.from(error);
  if (code === "internal") return "it is over";
  if (code === "stream_stuck" || code === "timeout") return "it is held";
  throw error;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
