import { inject } from "vitest";
import type { LogEntry, StartedProxy } from "proxy-wasm-harness";
import { chainTest, expect, type FilterTest, networkChainTest } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const filter = guest("asks-early");
const isVirtual = inject("proxyWasmBackend") === "embedded";

/** What a stream asks, or its plugin for it, while its constructor runs. */
interface Early {
  readonly by: "stream" | "plugin";
  readonly ask: string;
  readonly cluster?: string;
}

const asking = (configuration: Early): FilterTest =>
  chainTest([{ filter, rootId: "requests", name: "early", configuration }], {
    clusters: ["service"],
    grpcClusters: ["greeter"],
  });

/** What was told, and where: a plugin's lines come from `requests`, those of a stream from `early requests`. */
const told = (logs: readonly LogEntry[]): string[] =>
  logs.filter(({ level }) => level === "info").map(({ source, message }) => `${source}: ${message}`);

async function toldOf(proxy: Pick<StartedProxy, "settled" | "logs">): Promise<string[]> {
  await proxy.settled();
  return told(proxy.logs);
}

const places = [
  ["stream", "early requests"],
  ["plugin", "requests"],
] as const;

const unsent = { call: "call: 4", call_grpc: "call_grpc: 4", open_grpc_stream: "open_grpc_stream: 4" };

for (const [by, source] of places) {
  for (const [ask, end] of Object.entries(unsent)) {
    asking({ by, ask })(
      `a ${ask} that cannot be sent, made by the ${by} in a filter's constructor, ends in the ${by}`,
      async ({ proxy }) => {
        expect(await proxy.get("/")).toHaveStatus(200);

        expect(await toldOf(proxy)).toEqual([`${source}: ${end}`]);
      },
    );
  }

  asking({ by, ask: "call", cluster: "service" })(
    `a call made by the ${by} in a filter's constructor is answered in the ${by}`,
    async ({ proxy, upstream }) => {
      expect(await proxy.get("/")).toHaveStatus(200);

      expect(await toldOf(proxy)).toEqual([`${source}: call: 0`]);
      expect(upstream.requests).toHaveLength(1);
    },
  );

  for (const ask of ["call_grpc", "open_grpc_stream"]) {
    asking({ by, ask, cluster: "greeter" })(
      `a ${ask} made by the ${by} in a filter's constructor is answered in the ${by}`,
      async ({ proxy, upstream, grpcClusters: { greeter } }) => {
        greeter?.stream("/pkg.Early/Ask", async function* () {
          yield "early";
        });
        expect(await proxy.get("/")).toHaveStatus(200);

        expect(await toldOf(proxy)).toEqual([`${source}: ${ask}: 0`]);
        expect(upstream.requests).toHaveLength(1);
      },
    );
  }

  asking({ by, ask: "timer" })(
    `a timer set by the ${by} in a filter's constructor happens in the ${by}`,
    async ({ proxy }) => {
      const response = proxy.get("/");
      if (isVirtual) await proxy.clock.advance(5);

      expect(await response).toHaveStatus(200);
      expect(await toldOf(proxy)).toEqual([`${source}: timer`]);
    },
  );
}

for (const [by, source] of places) {
  for (const [ask, end] of Object.entries(by === "stream" ? { call: "call: 4" } : unsent)) {
    const configuration = { by, ask };
    networkChainTest([{ filter, rootId: "connections", name: "early", configuration }])(
      `a ${ask} that cannot be sent, made by the ${by} in a network filter's constructor, ends in the ${by}`,
      async ({ proxy }) => {
        const connection = await proxy.connect();
        await connection.send("x");
        await connection.end();
        await connection.closed();

        expect(await toldOf(proxy)).toEqual([`${source.replace("requests", "connections")}: ${end}`]);
      },
    );
  }
}

chainTest([], { accessLoggers: [{ filter, rootId: "logger", name: "early" }] })(
  "what an access logger cannot send from its constructor ends in the access logger",
  async ({ proxy }) => {
    expect(await proxy.get("/")).toHaveStatus(200);

    expect([...new Set(told(proxy.startLogs))]).toEqual(["logger: call: 4", "logger: call_grpc: 4"]);
    expect(await toldOf(proxy)).toEqual([]);
  },
);
