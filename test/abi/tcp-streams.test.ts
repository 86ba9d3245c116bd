import { startNetworkProxy, startProxy, TcpUpstream, Upstream, type BackendName } from "proxy-wasm-harness";
import {
  expect,
  networkChainTest,
  networkFilterTest,
  type NetworkFilterTest,
} from "proxy-wasm-harness/vitest";
import { describe, inject, test } from "vitest";
import { guest } from "../guests/guest.ts";

const backend = (): BackendName => inject("proxyWasmBackend") as BackendName;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const echo = (upstream: TcpUpstream): void =>
  upstream.serve({ data: (connection, bytes) => connection.send(bytes) });
const messages = ({ logs }: { logs: ReadonlyArray<{ message: string }> }): string[] =>
  logs.map(({ message }) => message);

const observing = networkFilterTest(guest("observes-connections"));

observing("a filter sees a connection from its begin to its end", async ({ proxy, upstream }) => {
  echo(upstream);
  const connection = await proxy.connect();
  await connection.send("ping");
  expect(text(await connection.receive(4))).toBe("ping");
  await connection.end();
  expect(await connection.closed()).toBe("ended");
  await proxy.settled();

  expect(messages(proxy)).toEqual([
    expect.stringMatching(/^new connection, id \d+$/),
    'downstream data "ping"',
    'upstream data "ping"',
    'downstream data "", the end',
    'upstream data "", the end',
    "upstream close 0",
    "downstream close 1",
    "done",
    "log",
  ]);
});

observing("an upstream that ends first still gets what the client sends", async ({ proxy, upstream }) => {
  upstream.serve({
    connect(connection) {
      connection.send("bye");
      connection.end();
    },
  });
  const connection = await proxy.connect();
  expect(text(await connection.receiveRest())).toBe("bye");
  await connection.send("wait");
  await connection.end();
  await proxy.settled();

  expect(upstream.connections.map(({ received, ending }) => [text(received), ending])).toEqual([
    ["wait", "ended"],
  ]);
  expect(messages(proxy).slice(-3)).toEqual(["downstream close 2", "done", "log"]);
});

observing("a client that ends first still gets what the upstream sends", async ({ proxy, upstream }) => {
  upstream.serve({
    end(connection) {
      connection.send(`of ${connection.received.length} bytes`);
      connection.end();
    },
  });
  const connection = await proxy.connect();
  await connection.send("all");
  await connection.end();

  expect(text(await connection.receiveRest())).toBe("of 3 bytes");
});

observing("a client that leaves ends both connections", async ({ proxy, upstream }) => {
  echo(upstream);
  const connection = await proxy.connect();
  await connection.send("x");
  await connection.receive(1);
  await connection.reset();
  await proxy.settled();

  expect(upstream.connections[0]?.ending).toBe("reset");
  expect(messages(proxy).slice(-3)).toEqual(["downstream close 2", "done", "log"]);
});

observing("an upstream that breaks off resets the client", async ({ proxy, upstream }) => {
  upstream.serve({ data: (connection) => connection.reset() });
  const connection = await proxy.connect();
  await connection.send("x");

  expect(await connection.closed()).toBe("reset");
  await proxy.settled();
  expect(messages(proxy)).not.toContain("upstream close 0");
  expect(messages(proxy).slice(-3)).toEqual(["downstream close 1", "done", "log"]);
});

observing("an upstream that refuses ends the client's connection", async ({ proxy, upstream }) => {
  upstream.refuse();
  const connection = await proxy.connect();

  expect(await connection.closed()).toBe("ended");
  await proxy.settled();
  expect(messages(proxy).slice(1)).toEqual(["downstream close 1", "done", "log"]);
  expect(upstream.connections).toEqual([]);
});

observing("connections are apart from each other", async ({ proxy, upstream }) => {
  echo(upstream);
  const [first, second] = [await proxy.connect(), await proxy.connect()];
  await first.send("1");
  await second.send("2");

  expect(text(await second.receive(1))).toBe("2");
  expect(text(await first.receive(1))).toBe("1");
  await first.end();
  await first.closed();
  await proxy.settled();
  expect(messages(proxy).filter((line) => line === "log")).toHaveLength(1);
});

networkChainTest([
  { filter: guest("observes-connections"), name: "outer", vmId: "outer" },
  { filter: guest("observes-connections"), name: "inner", vmId: "inner" },
])("filters see the client's data in order and the upstream's in reverse", async ({ proxy, upstream }) => {
  echo(upstream);
  const connection = await proxy.connect();
  await connection.send("x");
  await connection.receive(1);
  await connection.end();
  await connection.closed();
  await proxy.settled();

  const order = proxy.logs.map(
    ({ source, message }) => `${source.split(" ")[0]}: ${message.split(/["0-9]/)[0]?.trim()}`,
  );
  expect(order).toEqual([
    ...["outer: new connection, id", "inner: new connection, id"],
    ...["outer: downstream data", "inner: downstream data"],
    ...["inner: upstream data", "outer: upstream data"],
    ...["outer: downstream data", "inner: downstream data"],
    ...["inner: upstream data", "inner: upstream close", "outer: upstream data", "outer: upstream close"],
    ...["outer: downstream close", "outer: done", "outer: log"],
    ...["inner: downstream close", "inner: done", "inner: log"],
  ]);
});

describe("what passes", () => {
  /** Every byte there is, several times. */
  const binary = Uint8Array.from({ length: 1_000 }, (_, i) => i % 256);

  observing("binary bytes pass as they are", async ({ proxy, upstream }) => {
    echo(upstream);
    const connection = await proxy.connect();
    await connection.send(binary);

    expect(await connection.receive(binary.length)).toEqual(binary);
  });

  const sizing = networkFilterTest(guest("steers-connections"), { in: "log", do: [] });

  sizing("much data passes whole, however it is cut into pieces", async ({ proxy, upstream }) => {
    echo(upstream);
    const much = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
    const connection = await proxy.connect();
    await connection.send(much);
    const back = await connection.receive(much.length);
    await connection.end();
    await connection.closed();
    await proxy.settled();

    expect(Buffer.compare(back, much)).toBe(0);
    const pieces = messages(proxy).filter((line) => line.startsWith("downstream"));
    expect(pieces.length).toBeGreaterThan(2);
  });

  // prettier-ignore -- a table: one line an edit
  const edits: Array<[edit: object, sent: string, atUpstream: string, back: string]> = [
    [{ in: "downstream", edit: "append", text: "!" }, "ab", "ab!", "ab!"],
    [{ in: "downstream", edit: "prepend", text: "> " }, "ab", "> ab", "> ab"],
    [{ in: "downstream", edit: "replace", text: "\u0000other" }, "ab", "\u0000other", "\u0000other"],
    [
      { in: "downstream", edit: "replace_each", text: "***" },
      "a secret, two secrets",
      "a ***, two ***s",
      "a ***, two ***s",
    ],
    [{ in: "downstream", edit: "drain", length: 2 }, "abcd", "cd", "cd"],
    [{ in: "upstream", edit: "append", text: "!" }, "ab", "ab", "ab!"],
    [{ in: "upstream", edit: "prepend", text: "< " }, "ab", "ab", "< ab"],
    [{ in: "upstream", edit: "replace", text: "x" }, "ab", "ab", "x"],
    [{ in: "upstream", edit: "replace_each", text: "" }, "no secret", "no secret", "no "],
    [{ in: "upstream", edit: "drain", length: 1 }, "ab", "ab", "b"],
  ];

  test.for(edits)("%j changes %j to %j and %j", async ([configuration, sent, atUpstream, back]) => {
    const upstream = new TcpUpstream();
    echo(upstream);
    const chain = [{ filter: guest("edits-connections"), configuration }];
    await using proxy = await startNetworkProxy({ backend: backend(), upstream, chain });
    const connection = await proxy.connect();
    await connection.send(sent);

    expect(text(await connection.receive(back.length))).toBe(back);
    expect(text(upstream.connections[0]?.received ?? new Uint8Array())).toBe(atUpstream);
  });

  networkFilterTest(guest("edits-connections"), { in: "downstream", edit: "drain" })(
    "what a filter drains nobody gets, and the end of the client still comes",
    async ({ proxy, upstream }) => {
      const connection = await proxy.connect();
      await connection.send("nothing of this");
      await connection.end();
      await connection.closed();
      await proxy.settled();

      expect(upstream.connections.map(({ received, ending }) => [text(received), ending])).toEqual([
        ["", "ended"],
      ]);
    },
  );
});

describe("what a filter can ask of a connection", () => {
  const paths = (...names: string[]): object => ({ paths: names.map((name) => name.split(/\.(?!mine)/)) });
  const described = async (configuration: object): Promise<string[]> => {
    const upstream = new TcpUpstream();
    echo(upstream);
    const chain = [{ filter: guest("describes-connections"), configuration }];
    await using proxy = await startNetworkProxy({ backend: backend(), upstream, chain });
    const connection = await proxy.connect();
    await connection.send("x");
    await connection.receive(1);
    await connection.reset();
    await proxy.settled();
    return messages(proxy);
  };

  test("its ends, from the begin on", async () => {
    expect(await described(paths("source.address", "destination.address"))).toEqual(
      ["new connection", "downstream data", "upstream data", "log"].flatMap((when) => [
        expect.stringMatching(new RegExp(`^${when}: source.address "127.0.0.1:\\d+"$`)),
        expect.stringMatching(new RegExp(`^${when}: destination.address "127.0.0.1:\\d+"$`)),
      ]),
    );
  });

  test("the upstream, once there is one", async () => {
    const lines = await described(paths("xds.cluster_name", "upstream.address"));

    expect(lines.slice(0, 2)).toEqual([
      "new connection: xds.cluster_name absent",
      "new connection: upstream.address absent",
    ]);
    expect(lines[2]).toBe('downstream data: xds.cluster_name "upstream"');
    expect(lines[3]).toMatch(/^downstream data: upstream.address "127.0.0.1:\d+"$/);
  });

  test("nothing of requests", async () => {
    expect(new Set(await described(paths("request.path", "response.code")))).toEqual(
      new Set(
        ["new connection", "downstream data", "upstream data", "log"].flatMap((when) => [
          `${when}: request.path absent`,
          `${when}: response.code absent`,
        ]),
      ),
    );
  });

  test("what it stored itself", async () => {
    const lines = await described(paths("mine", "filter_state.wasm.mine"));

    expect(lines[0]).toBe('new connection: mine "kept"');
    expect(lines.at(-1)).toBe('log: filter_state.wasm.mine "kept"');
  });
});

interface Steer {
  readonly in: string;
  readonly do: readonly string[];
  readonly pause?: boolean;
  readonly when?: "after_callout" | "after_timer";
}

const steering = (steer: Steer): NetworkFilterTest =>
  networkFilterTest(guest("steers-connections"), steer, { clusters: ["service"] });

describe("a connection that is held", () => {
  const checking = networkFilterTest(guest("checks-connections"), undefined, { clusters: ["service"] });

  checking("reaches the upstream when the callout allows it", async ({ proxy, upstream, clusters }) => {
    echo(upstream);
    const connection = await proxy.connect();
    await connection.send("hello");

    expect(text(await connection.receive(5))).toBe("hello");
    expect(clusters["service"]?.requests[0]?.headers.get("x-client")).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  checking("is closed when the callout does not", async ({ proxy, upstream, clusters }) => {
    clusters["service"]?.respond({ status: 403 });
    const connection = await proxy.connect();

    expect(await connection.closed()).toBe("ended");
    await proxy.settled();
    expect(upstream.connections).toEqual([]);
    expect(proxy.logs).toHaveLogged("warn", "a client was refused");
  });

  checking("is closed when there is no answer", async ({ proxy, upstream, clusters }) => {
    clusters["service"]?.respond({ fault: "refuse" });
    const connection = await proxy.connect();
    await connection.send("too early");

    expect(await connection.closed()).toBe("reset");
    expect(upstream.connections).toEqual([]);
  });

  steering({ in: "new_connection", do: ["resume"], pause: true, when: "after_timer" })(
    "goes on when a timer resumes it",
    async ({ proxy, upstream }) => {
      echo(upstream);
      const connection = await proxy.connect();
      await connection.send("abc");
      if (proxy.backend === "embedded") {
        expect(upstream.connections).toEqual([]);
        await proxy.clock.advance(10);
      }

      expect(text(await connection.receive(3))).toBe("abc");
    },
  );

  steering({
    in: "downstream_data",
    do: ["read_downstream", "write_downstream", "resume"],
    pause: true,
    when: "after_callout",
  })("has its data in reach, which may change before it goes on", async ({ proxy, upstream }) => {
    echo(upstream);
    const connection = await proxy.connect();
    await connection.send("abc");

    expect(text(await connection.receive(4))).toBe("abc!");
    await proxy.settled();
    expect(proxy.logs).toHaveLogged("info", 'it reads "abc"');
  });

  for (const where of ["new_connection", "downstream_data"]) {
    steering({ in: where, do: ["resume"], pause: true })(
      `in ${where} and resumed in the same callback goes on at once`,
      async ({ proxy, upstream }) => {
        echo(upstream);
        const connection = await proxy.connect();
        await connection.send("abc");

        expect(text(await connection.receive(3))).toBe("abc");
      },
    );
  }

  const waiting = networkFilterTest(guest("waits-for-lines"));

  waiting("shows its data again with what has come since", async ({ proxy, upstream }) => {
    echo(upstream);
    const connection = await proxy.connect();
    await connection.send("hel");
    await connection.send("lo\n");

    expect(text(await connection.receiveUntil("\n"))).toBe("hello\n");
    await proxy.settled();
    expect(messages(proxy)).toEqual(["client says hello\n", "upstream says hello\n"]);
  });

  waiting("shows its data again with the end", async ({ proxy, upstream }) => {
    const connection = await proxy.connect();
    await connection.send("hel");
    await connection.end();
    await connection.closed();
    await proxy.settled();

    expect(messages(proxy)[0]).toBe("client ends with hel");
    expect(text(upstream.connections[0]?.received ?? new Uint8Array())).toBe("hel");
  });

  waiting("goes on in the upstream's direction with what follows", async ({ proxy, upstream }) => {
    let asked = "";
    upstream.serve({
      data(connection, bytes) {
        asked += text(bytes);
        connection.send("hel");
        if (asked.endsWith("2\n")) connection.send("lo\n");
      },
    });
    const connection = await proxy.connect();
    await connection.send("1\n");
    await connection.send("2\n");

    expect(text(await connection.receiveUntil("\n"))).toMatch(/^(hel)?hello\n$/);
  });

  steering({ in: "upstream_data", do: [], pause: true })(
    "in the upstream's direction goes on with the end at the latest",
    async ({ proxy, upstream }) => {
      upstream.serve({
        data(connection) {
          connection.send("abc");
          connection.end();
        },
      });
      const connection = await proxy.connect();
      await connection.send("?");

      expect(text(await connection.receiveRest())).toBe("abc");
      await proxy.settled();
      expect(proxy.logs).toHaveLogged(
        "error",
        "a pause was refused in onUpstreamData: nothing could resume the last of the upstream's data",
      );
    },
  );
});

describe("a connection that a filter closes", () => {
  for (const call of ["close_downstream", "close_upstream"]) {
    for (const when of [undefined, "after_callout"] as const) {
      const moment = when === undefined ? "at once" : "after a callout";
      const pause = when !== undefined;

      steering({ in: "new_connection", do: [call], pause, ...(when && { when }) })(
        `by ${call} ${moment} in new_connection never reaches the upstream`,
        async ({ proxy, upstream }) => {
          const connection = await proxy.connect();

          expect(await connection.closed()).toBe("ended");
          await proxy.settled();
          expect(upstream.connections).toEqual([]);
        },
      );

      steering({ in: "downstream_data", do: [call], pause, ...(when && { when }) })(
        `by ${call} ${moment} in downstream_data sends nothing on`,
        async ({ proxy, upstream }) => {
          const connection = await proxy.connect();
          await connection.send("abc");

          expect(await connection.closed()).toBe("ended");
          await proxy.settled();
          expect(upstream.connections.map(({ received, ending }) => [text(received), ending])).toEqual([
            ["", "ended"],
          ]);
        },
      );
    }

    steering({ in: "upstream_data", do: [call] })(
      `by ${call} in upstream_data sends nothing back`,
      async ({ proxy, upstream }) => {
        echo(upstream);
        const connection = await proxy.connect();
        await connection.send("abc");

        expect(text(await connection.receiveRest())).toBe("");
      },
    );
  }
});

describe("what Envoy would lose, or do twice", () => {
  const closed = "the connection is closed";
  const gone = "it has gone on";
  const notPaused = "the connection is not paused";
  const change = "a change of a connection's data";
  const twice = "the filter has answered or closed the stream already";

  // prettier-ignore -- a table: one line a call
  const refusals: Array<[steer: Steer, line: string]> = [
    [{ in: "upstream_data", do: ["resume"] }, `resumeDownstream was refused in onUpstreamData: ${notPaused}`],
    [
      { in: "upstream_close", do: ["resume"] },
      `resumeDownstream was refused in onUpstreamClose: ${notPaused}`,
    ],
    [
      { in: "downstream_close", do: ["resume"] },
      `resumeDownstream was refused in onDownstreamClose: ${closed}`,
    ],
    [{ in: "done", do: ["resume"] }, `resumeDownstream was refused in onDone: ${closed}`],
    [{ in: "log", do: ["resume"] }, `resumeDownstream was refused in onLog: ${closed}`],
    [
      { in: "downstream_close", do: ["close_downstream"] },
      `closeDownstream was refused in onDownstreamClose: ${closed}`,
    ],
    [
      { in: "downstream_close", do: ["close_upstream"] },
      `closeUpstream was refused in onDownstreamClose: ${closed}`,
    ],
    [{ in: "done", do: ["close_downstream"] }, `closeDownstream was refused in onDone: ${closed}`],
    [{ in: "log", do: ["close_upstream"] }, `closeUpstream was refused in onLog: ${closed}`],
    [
      { in: "downstream_data", do: ["close_downstream", "close_upstream"] },
      `closeUpstream was refused in onDownstreamData: ${twice}`,
    ],
    [
      { in: "downstream_data", do: ["resume", "resume"], pause: true, when: "after_callout" },
      `resumeDownstream was refused in onResult of a callout: ${notPaused}`,
    ],
    [
      { in: "downstream_data", do: ["resume", "write_downstream"], pause: true, when: "after_callout" },
      `${change} was refused in onResult of a callout: ${gone}`,
    ],
    [
      { in: "downstream_data", do: ["close_downstream", "resume"], pause: true, when: "after_callout" },
      `resumeDownstream was refused in onResult of a callout: ${twice}`,
    ],
    [{ in: "new_connection", do: ["write_downstream"] }, `${change} was refused in onNewConnection: ${gone}`],
    [{ in: "downstream_data", do: ["write_upstream"] }, `${change} was refused in onDownstreamData: ${gone}`],
    [{ in: "upstream_data", do: ["write_downstream"] }, `${change} was refused in onUpstreamData: ${gone}`],
    [{ in: "upstream_close", do: ["write_upstream"] }, `${change} was refused in onUpstreamClose: ${gone}`],
    [
      { in: "downstream_close", do: ["write_downstream"] },
      `${change} was refused in onDownstreamClose: ${gone}`,
    ],
    [{ in: "done", do: ["write_upstream"] }, `${change} was refused in onDone: ${gone}`],
    [{ in: "log", do: ["write_downstream"] }, `${change} was refused in onLog: ${gone}`],
  ];

  test.for(refusals)("%j is refused with one line, and the proxy lives", async ([configuration, line]) => {
    const upstream = new TcpUpstream();
    echo(upstream);
    const chain = [{ filter: guest("steers-connections"), configuration }];
    const clusters = { service: new Upstream() };
    await using proxy = await startNetworkProxy({ backend: backend(), upstream, clusters, chain });

    for (let i = 0; i < 3; i++) {
      const connection = await proxy.connect();
      await connection.send("abc");
      if (configuration.do[0]?.startsWith("close") !== true || /close|done|log/.test(configuration.in))
        await connection.receive(3);
      await connection.end();
      await connection.closed();
      await proxy.settled();
    }

    const errors = proxy.logs.filter(({ level }) => level === "error");
    expect(errors.map(({ message }) => message)).toEqual([line]);
    const deleted = proxy.transcript.filter(({ name }) => name === "proxy_on_delete");
    expect(deleted).toHaveLength(3);
  });

  // prettier-ignore -- a table: one line a call
  const empty: Array<[steer: Steer]> = [
    [{ in: "new_connection", do: ["read_downstream"] }],
    [{ in: "new_connection", do: ["read_upstream"] }],
    [{ in: "downstream_data", do: ["read_upstream"] }],
    [{ in: "upstream_data", do: ["read_downstream"] }],
    [{ in: "upstream_close", do: ["read_upstream"] }],
    [{ in: "downstream_close", do: ["read_downstream"] }],
    [{ in: "log", do: ["read_downstream"] }],
  ];

  test.for(empty)("%j reads no bytes", async ([configuration]) => {
    const upstream = new TcpUpstream();
    echo(upstream);
    const chain = [{ filter: guest("steers-connections"), configuration }];
    await using proxy = await startNetworkProxy({ backend: backend(), upstream, chain });
    const connection = await proxy.connect();
    await connection.send("abc");
    await connection.receive(3);
    await connection.end();
    await connection.closed();
    await proxy.settled();

    expect(messages(proxy)).toContain('it reads ""');
  });
});

describe("a module of both kinds", () => {
  const filter = guest("both-kinds");

  test("serves connections and requests by the root_id", async () => {
    const upstream = new TcpUpstream();
    echo(upstream);
    await using wire = await startNetworkProxy({
      backend: backend(),
      upstream,
      chain: [{ filter, rootId: "wire" }],
    });
    const connection = await wire.connect();
    await connection.send("x");
    await connection.receive(1);
    await wire.settled();
    expect(wire.logs).toHaveLogged("info", "bytes of a client");

    await using web = await startProxy({ backend: backend(), chain: [{ filter, rootId: "web" }] });
    expect(await web.get("/")).toHaveStatus(200);
    await web.settled();
    expect(web.logs).toHaveLogged("info", "a request");
  });

  test("refuses requests where a network filter stands among HTTP filters", async () => {
    await using proxy = await startProxy({ backend: backend(), chain: [{ filter, rootId: "wire" }] });

    expect(await proxy.get("/")).toHaveStatus(500);
    await proxy.settled();
    expect(proxy.logs).toHaveLogged(
      "error",
      'a request was refused in onRequestHeaders: "wire" is a network filter, and the proxy has it among its HTTP filters',
    );
  });

  test("refuses connections where an HTTP filter stands among network filters", async () => {
    await using proxy = await startNetworkProxy({ backend: backend(), chain: [{ filter, rootId: "web" }] });
    const connection = await proxy.connect();

    expect(await connection.closed()).toBe("ended");
    await proxy.settled();
    expect(proxy.logs).toHaveLogged(
      "error",
      'a connection was refused in onNewConnection: "web" is an HTTP filter, and the proxy has it among its network filters',
    );
  });
});

test("a module without a callback for connections is refused as a network filter", async () => {
  await expect(
    startNetworkProxy({ backend: backend(), chain: [{ filter: guest("observer") }] }),
  ).rejects.toMatchObject({
    code: "module_refused",
    message: expect.stringMatching(/it is no network filter/),
  });
});

describe("a trap on a connection", () => {
  const trapping = (allowTraps: boolean): NetworkFilterTest =>
    networkFilterTest(guest("traps-on-data"), undefined, { allowTraps });

  trapping(true)("ends it, and every later one", async ({ proxy, upstream }) => {
    const connection = await proxy.connect();
    await connection.send("x");
    expect(await connection.closed()).toBe("ended");
    const next = await proxy.connect();
    expect(await next.closed()).toBe("ended");
    await proxy.settled();

    expect(proxy.traps).toMatchObject([{ plugin: "traps-on-data", callback: "proxy_on_downstream_data" }]);
    expect(upstream.connections.map(({ received }) => received.length)).toEqual([0]);
  });

  test("is what a wait for bytes is refused with", async () => {
    const chain = [{ filter: guest("traps-on-data") }];
    await using proxy = await startNetworkProxy({ backend: backend(), chain });
    const connection = await proxy.connect();
    await connection.send("x");

    await expect(connection.receive(1)).rejects.toMatchObject({ code: "filter_trapped" });
  });
});

describe("a wait for what does not come", () => {
  test("ends with the connection, and says how far it got", async () => {
    const upstream = new TcpUpstream();
    upstream.serve({
      data(connection) {
        connection.send("abc");
        connection.end();
      },
    });
    const chain = [{ filter: guest("observes-connections") }];
    await using proxy = await startNetworkProxy({ backend: backend(), upstream, chain });
    const connection = await proxy.connect();
    await connection.send("x");

    await expect(connection.receive(4)).rejects.toThrow(
      "the connection has ended before 4 bytes, 3 bytes were left",
    );
    expect(text(await connection.receive(3))).toBe("abc");
  });

  test("ends with what the upstream's handler threw", async () => {
    const upstream = new TcpUpstream();
    upstream.serve({
      data(connection) {
        connection.end();
        throw new Error("no such message");
      },
    });
    const chain = [{ filter: guest("observes-connections") }];
    await using proxy = await startNetworkProxy({ backend: backend(), upstream, chain });
    const connection = await proxy.connect();

    await expect(connection.send("x").then(() => connection.receive(1))).rejects.toMatchObject({
      code: "invalid_input",
      message: "the upstream's handler threw: no such message",
    });
  });

  networkFilterTest(guest("waits-for-lines"), undefined, { needs: ["virtual-clock"] })(
    "is refused at once where nothing is left that could bring it",
    async ({ proxy }) => {
      const connection = await proxy.connect();
      await connection.send("no line");

      await expect(connection.receive(1)).rejects.toMatchObject({ code: "stream_stuck" });
    },
  );
});
