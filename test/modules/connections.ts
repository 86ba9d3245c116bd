import type { StartedNetworkProxy, TcpUpstream, Upstream } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { text } from "../abi/connections.ts";
import { taken, upstreams, type Turn } from "../differential/conversation.ts";

/** What a client and an upstream say to each other through a module, and what comes of it. */
export interface ConnectionBehaviour {
  /** What the module does, as the title of a test. */
  readonly does: string;
  /** Without which it cannot. */
  readonly needs?: string;
  readonly turns: readonly Turn[];
  /** What the upstream does. Default: it echoes. */
  readonly upstream?: keyof typeof upstreams;
  /** What the client gets in its turns, but for nothing. */
  readonly received: readonly string[];
  /** What the upstream gets, and how its connection is over; null when there is none. */
  readonly passedOn: readonly [received: string, ending: string] | null;
  /** What the module says in between of the connection's begin and end. */
  readonly says: readonly string[];
}

/** The world around a module: one proxy may be asked for all of it. */
export interface Around {
  readonly proxy: StartedNetworkProxy;
  readonly upstream: TcpUpstream;
  readonly service: Upstream;
}

const ends = [["ends"], ["is closed"]] as const satisfies readonly Turn[];
const ended = ["the client has ended", "the upstream is closed by Unknown", "closed by Local"];

/** What the modules do with connections, by the first word that a client sends. */
export const connectionBehaviours: readonly ConnectionBehaviour[] = [
  {
    does: "changes what goes over a connection",
    turns: [["sends", "ping"], ["receives", 6], ...ends],
    received: ["> PING", "ended"],
    passedOn: ["PING", "ended"],
    says: ended,
  },
  {
    does: "reads what an upstream says",
    turns: [["sends", "answer me"], ["receives", 11], ...ends],
    received: ["> ANSWER ME", "ended"],
    passedOn: ["ANSWER ME", "ended"],
    says: ["the upstream says <ANSWER ME>", ...ended],
  },
  {
    does: "is told that an upstream has ended",
    turns: [["sends", "ping"], ["receives the rest"], ["ends"]],
    upstream: "ends when it has data",
    received: [],
    passedOn: ["PING", "ended"],
    says: ["the upstream is closed by Unknown", "the client has ended", "closed by Remote"],
  },
  {
    does: "holds data until all of it has come",
    turns: [["sends", "hold one"], ["sends", ", two"], ["sends", "!"], ["receives", 16], ...ends],
    received: ["> hold one, two!", "ended"],
    passedOn: ["hold one, two!", "ended"],
    says: ["held hold one, two!", ...ended],
  },
  {
    does: "waits for a service",
    needs: "steering",
    turns: [["sends", "call it"], ["receives", 19], ...ends],
    received: ["> <202> <an answer>", "ended"],
    passedOn: ["<202> <an answer>", "ended"],
    says: ["answered true", ...ended],
  },
  {
    does: "closes a connection",
    needs: "steering",
    turns: [["sends", "close it"], ["is closed"]],
    received: ["ended"],
    passedOn: ["", "ended"],
    says: ["closed by Local"],
  },
  {
    does: "shares data between connections",
    turns: [["sends", "data"], ["receives", 6], ...ends],
    received: ["> data", "ended"],
    passedOn: ["data", "ended"],
    says: ["before absent false", "Ok(())", "<one>", "Ok(())", "Err(CasMismatch)", "<two>", ...ended],
  },
  {
    does: "counts",
    turns: [["sends", "metrics"], ["receives", 9], ...ends],
    received: ["> metrics", "ended"],
    passedOn: ["metrics", "ended"],
    says: ["Ok(3) Ok(7)", ...ended],
  },
  {
    does: "reads and sets properties",
    turns: [["sends", "properties"], ["receives", 12], ...ends],
    received: ["> properties", "ended"],
    passedOn: ["properties", "ended"],
    says: ["<obeying>", "absent", "<127.0.0.1", "<mine>", ...ended],
  },
  {
    does: "is told that a client has left",
    turns: [["sends", "ping"], ["receives", 6], ["leaves"]],
    received: ["> PING"],
    passedOn: ["PING", "reset"],
    says: ["closed by Remote"],
  },
  {
    does: "is told that an upstream has broken off",
    turns: [["sends", "ping"], ["is closed"]],
    upstream: "breaks off when it has data",
    received: ["reset"],
    passedOn: ["PING", "ended"],
    says: ["closed by Local"],
  },
];

/** Has a client and an upstream say this to each other, and compares all that is seen. */
export async function show(
  behaviour: ConnectionBehaviour,
  { proxy, upstream, service }: Around,
): Promise<void> {
  upstream.serve(upstreams[behaviour.upstream ?? "echoes"]);
  service.respond({ status: 202, body: "an answer" });
  const before = { lines: proxy.logs.length, connections: upstream.connections.length };

  const received = await taken(await proxy.connect(), behaviour.turns);
  await proxy.settled();

  const [connection] = upstream.connections.slice(before.connections);
  const lines = proxy.logs.slice(before.lines).map(({ message }) => message);
  expect({
    received: received.filter((each) => each !== ""),
    passedOn: connection === undefined ? null : [text(connection.received), connection.ending],
    says: lines,
  }).toEqual({
    received: behaviour.received,
    passedOn: behaviour.passedOn,
    says: ["connected", ...behaviour.says, "the connection is over"],
  });
}

/** Has a module panic, which costs every connection. */
export async function showPanic({ proxy, upstream }: Around): Promise<void> {
  const before = upstream.connections.length;
  const connection = await proxy.connect();
  await connection.send("panic now");
  await connection.closed();
  await (await proxy.connect()).closed();
  await proxy.settled();

  expect(proxy.traps).toMatchObject([{ callback: "proxy_on_downstream_data" }]);
  expect(upstream.connections.slice(before).map(({ received }) => text(received))).toEqual([""]);
}
