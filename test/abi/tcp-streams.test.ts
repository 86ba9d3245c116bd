import { startNetworkProxy, TcpUpstream, type EnvoyPool } from "proxy-wasm-harness";
import { expect, networkChainTest, networkFilterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { backend, echo, messages, text } from "./connections.ts";

const observing = networkFilterTest(guest("observes-connections"));
/** Of proxies that a test starts itself. */
const test = observing;
const observingSince = (version: "1.39" | "1.40"): typeof observing =>
  networkFilterTest(guest("observes-connections"), undefined, { needs: [`envoy>=${version}`] });

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

  expect(upstream.connections[0]?.ending).not.toBe("open");
  expect(messages(proxy).slice(-3)).toEqual(["downstream close 2", "done", "log"]);
});

observing("an upstream that breaks off ends both connections", async ({ proxy, upstream }) => {
  upstream.serve({ data: (connection) => connection.reset() });
  const connection = await proxy.connect();
  await connection.send("x");

  await connection.closed();
  await proxy.settled();
  expect(messages(proxy)).not.toContain("upstream close 0");
  expect(messages(proxy).slice(-3)).toEqual(["downstream close 1", "done", "log"]);
});

observingSince("1.40")("a client that breaks off resets the upstream", async ({ proxy, upstream }) => {
  echo(upstream);
  const connection = await proxy.connect();
  await connection.send("x");
  await connection.receive(1);
  await connection.reset();
  await proxy.settled();

  expect(upstream.connections[0]?.ending).toBe("reset");
});

observingSince("1.39")("an upstream that breaks off resets the client", async ({ proxy, upstream }) => {
  upstream.serve({ data: (connection) => connection.reset() });
  const connection = await proxy.connect();
  await connection.send("x");

  expect(await connection.closed()).toBe("reset");
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

  // A table: one line an edit.
  // prettier-ignore
  const edits: Array<[edit: object, sent: string, atUpstream: string, back: string]> = [
    [{ in: "downstream", edit: "append", text: "!" }, "ab", "ab!", "ab!"],
    [{ in: "downstream", edit: "prepend", text: "> " }, "ab", "> ab", "> ab"],
    [{ in: "downstream", edit: "replace", text: "\u0000other" }, "ab", "\u0000other", "\u0000other"],
    [{ in: "downstream", edit: "replace_each", text: "***" }, "a secret, two secrets", "a ***, two ***s", "a ***, two ***s"],
    [{ in: "downstream", edit: "drain", length: 2 }, "abcd", "cd", "cd"],
    [{ in: "upstream", edit: "append", text: "!" }, "ab", "ab", "ab!"],
    [{ in: "upstream", edit: "prepend", text: "< " }, "ab", "ab", "< ab"],
    [{ in: "upstream", edit: "replace", text: "x" }, "ab", "ab", "x"],
    [{ in: "upstream", edit: "replace_each", text: "" }, "no secret", "no secret", "no "],
    [{ in: "upstream", edit: "drain", length: 1 }, "ab", "ab", "b"],
  ];

  test.for(edits)(
    "%j changes %j to %j and %j",
    async ([configuration, sent, atUpstream, back], { envoys: pool }) => {
      const upstream = new TcpUpstream();
      echo(upstream);
      const chain = [{ filter: guest("edits-connections"), configuration }];
      await using proxy = await startNetworkProxy({ backend: backend(), upstream, chain, envoy: { pool } });
      const connection = await proxy.connect();
      await connection.send(sent);

      expect(text(await connection.receive(back.length))).toBe(back);
      expect(text(upstream.connections[0]?.received ?? new Uint8Array())).toBe(atUpstream);
    },
  );

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
  const described = async (configuration: object, pool: EnvoyPool): Promise<string[]> => {
    const upstream = new TcpUpstream();
    echo(upstream);
    const chain = [{ filter: guest("describes-connections"), configuration }];
    await using proxy = await startNetworkProxy({ backend: backend(), upstream, chain, envoy: { pool } });
    const connection = await proxy.connect();
    await connection.send("x");
    await connection.receive(1);
    await connection.reset();
    await proxy.settled();
    return messages(proxy);
  };

  const address = backend() === "container" ? "\\d+(?:\\.\\d+){3}" : "127\\.0\\.0\\.1";

  test("its ends, from the begin on", async ({ envoys }) => {
    expect(await described(paths("source.address", "destination.address"), envoys)).toEqual(
      ["new connection", "downstream data", "upstream data", "log"].flatMap((when) => [
        expect.stringMatching(new RegExp(`^${when}: source.address "${address}:\\d+"$`)),
        expect.stringMatching(new RegExp(`^${when}: destination.address "${address}:\\d+"$`)),
      ]),
    );
  });

  test("the upstream, once there is one", async ({ envoys }) => {
    const lines = await described(paths("xds.cluster_name", "upstream.address"), envoys);

    expect(lines.slice(0, 2)).toEqual([
      "new connection: xds.cluster_name absent",
      "new connection: upstream.address absent",
    ]);
    expect(lines[2]).toBe('downstream data: xds.cluster_name "upstream"');
    expect(lines[3]).toMatch(new RegExp(`^downstream data: upstream.address "${address}:\\d+"$`));
  });

  test("nothing of requests", async ({ envoys }) => {
    expect(new Set(await described(paths("request.path", "response.code"), envoys))).toEqual(
      new Set(
        ["new connection", "downstream data", "upstream data", "log"].flatMap((when) => [
          `${when}: request.path absent`,
          `${when}: response.code absent`,
        ]),
      ),
    );
  });

  test("what it stored itself", async ({ envoys }) => {
    const lines = await described(paths("mine", "filter_state.wasm.mine"), envoys);

    expect(lines[0]).toBe('new connection: mine "kept"');
    expect(lines.at(-1)).toBe('log: filter_state.wasm.mine "kept"');
  });
});

describe("a wait for what does not come", () => {
  test("ends with the connection, and says how far it got", async ({ envoys: pool }) => {
    const upstream = new TcpUpstream();
    upstream.serve({
      data(connection) {
        connection.send("abc");
        connection.end();
      },
    });
    const chain = [{ filter: guest("observes-connections") }];
    await using proxy = await startNetworkProxy({ backend: backend(), upstream, chain, envoy: { pool } });
    const connection = await proxy.connect();
    await connection.send("x");

    await expect(connection.receive(4)).rejects.toThrow(
      "the connection has ended before 4 bytes, 3 bytes were left",
    );
    expect(text(await connection.receive(3))).toBe("abc");
  });

  test("ends with what the upstream's handler threw", async ({ envoys: pool }) => {
    const upstream = new TcpUpstream();
    upstream.serve({
      data(connection) {
        connection.end();
        throw new Error("no such message");
      },
    });
    const chain = [{ filter: guest("observes-connections") }];
    await using proxy = await startNetworkProxy({ backend: backend(), upstream, chain, envoy: { pool } });
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
