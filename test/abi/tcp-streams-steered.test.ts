import { startNetworkProxy, TcpUpstream, Upstream } from "proxy-wasm-harness";
import { expect, networkFilterTest, type NetworkFilterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { inProject, test } from "../project.ts";
import { echo, messages, text } from "./connections.ts";

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
        "a pause was refused in onUpstreamData: nothing could resume the last of the upstream's data, which goes on",
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
  const gone = "it has gone on: change it when it is shown, or while it is held";
  const absent = "it has not come, or there is none: change it when it is shown";
  const notPaused = "the connection is not paused";
  const change = "a change of a connection's data";
  const twice = "the filter has answered or closed the stream already";

  // A table: one line a call.
  // prettier-ignore
  const refusals: Array<[steer: Steer, line: string]> = [
    [{ in: "upstream_data", do: ["resume"] }, `resumeDownstream was refused in onUpstreamData: ${notPaused}`],
    [{ in: "upstream_close", do: ["resume"] }, `resumeDownstream was refused in onUpstreamClose: ${notPaused}`],
    [{ in: "downstream_close", do: ["resume"] }, `resumeDownstream was refused in onDownstreamClose: ${closed}`],
    [{ in: "done", do: ["resume"] }, `resumeDownstream was refused in onDone: ${closed}`],
    [{ in: "log", do: ["resume"] }, `resumeDownstream was refused in onLog: ${closed}`],
    [{ in: "downstream_close", do: ["close_downstream"] }, `closeDownstream was refused in onDownstreamClose: ${closed}`],
    [{ in: "downstream_close", do: ["close_upstream"] }, `closeUpstream was refused in onDownstreamClose: ${closed}`],
    [{ in: "done", do: ["close_downstream"] }, `closeDownstream was refused in onDone: ${closed}`],
    [{ in: "log", do: ["close_upstream"] }, `closeUpstream was refused in onLog: ${closed}`],
    [{ in: "downstream_data", do: ["close_downstream", "close_upstream"] }, `closeUpstream was refused in onDownstreamData: ${twice}`],
    [{ in: "downstream_data", do: ["resume", "resume"], pause: true, when: "after_callout" }, `resumeDownstream was refused in onResult of a callout: ${notPaused}`],
    [{ in: "downstream_data", do: ["resume", "write_downstream"], pause: true, when: "after_callout" }, `${change} was refused in onResult of a callout: ${gone}`],
    [{ in: "downstream_data", do: ["close_downstream", "resume"], pause: true, when: "after_callout" }, `resumeDownstream was refused in onResult of a callout: ${twice}`],
    [{ in: "new_connection", do: ["write_downstream"] }, `${change} was refused in onNewConnection: ${absent}`],
    [{ in: "downstream_data", do: ["write_upstream"] }, `${change} was refused in onDownstreamData: ${absent}`],
    [{ in: "upstream_data", do: ["write_downstream"] }, `${change} was refused in onUpstreamData: ${gone}`],
    [{ in: "upstream_close", do: ["write_upstream"] }, `${change} was refused in onUpstreamClose: ${gone}`],
    [{ in: "downstream_close", do: ["write_downstream"] }, `${change} was refused in onDownstreamClose: ${gone}`],
    [{ in: "done", do: ["write_upstream"] }, `${change} was refused in onDone: ${gone}`],
    [{ in: "log", do: ["write_downstream"] }, `${change} was refused in onLog: ${gone}`],
  ];

  test.for(refusals)(
    "%j is refused with one line, and the proxy lives",
    async ([configuration, line], { envoys }) => {
      const upstream = new TcpUpstream();
      echo(upstream);
      const chain = [{ filter: guest("steers-connections"), configuration }];
      const clusters = { service: new Upstream() };
      await using proxy = await startNetworkProxy({ ...inProject(envoys), upstream, clusters, chain });

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
    },
  );

  // A table: one line a call.
  // prettier-ignore
  const empty: Array<[steer: Steer]> = [
    [{ in: "new_connection", do: ["read_downstream"] }],
    [{ in: "new_connection", do: ["read_upstream"] }],
    [{ in: "downstream_data", do: ["read_upstream"] }],
    [{ in: "upstream_data", do: ["read_downstream"] }],
    [{ in: "upstream_close", do: ["read_upstream"] }],
    [{ in: "downstream_close", do: ["read_downstream"] }],
    [{ in: "log", do: ["read_downstream"] }],
  ];

  test.for(empty)("%j reads no bytes", async ([configuration], { envoys }) => {
    const upstream = new TcpUpstream();
    echo(upstream);
    const chain = [{ filter: guest("steers-connections"), configuration }];
    await using proxy = await startNetworkProxy({ ...inProject(envoys), upstream, chain });
    const connection = await proxy.connect();
    await connection.send("abc");
    await connection.receive(3);
    await connection.end();
    await connection.closed();
    await proxy.settled();

    expect(messages(proxy)).toContain('it reads ""');
  });
});
