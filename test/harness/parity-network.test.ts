import { describe } from "vitest";
import { guest } from "../guests/guest.ts";
import { test } from "../project.ts";
import { expectNetworkParity, pingPong, text, type NetworkExchange } from "./parity-network.ts";
import { requiresEnvoy } from "./requires-envoy.ts";
import { sampled } from "./sampling.ts";

const observer = (name: string): NetworkExchange["chain"][number] => ({
  filter: guest("observes-connections"),
  name,
});
/** In a VM of its own, which takes an Envoy of its own. */
const apart = (name: string): NetworkExchange["chain"][number] => ({ ...observer(name), vmId: name });

describe("how a connection ends", () => {
  const exchanges: Array<[title: string, exchange: Omit<NetworkExchange, "chain">]> = [
    ["when the client ends first", { client: pingPong("abc") }],
    [
      "when the upstream ends first",
      {
        upstream: { connect: (connection) => connection.end() },
        client: async (connection) => {
          const ending = await connection.closed();
          await connection.end();
          return ending;
        },
      },
    ],
    [
      "when the client leaves",
      {
        client: async (connection) => {
          await connection.send("abc");
          await connection.receive(3);
          await connection.reset();
        },
      },
    ],
    [
      "when the upstream breaks off",
      {
        upstream: { data: (connection) => connection.reset() },
        client: async (connection) => {
          await connection.send("abc");
          return connection.closed();
        },
      },
    ],
    ["when the upstream refuses", { upstream: "refuses", client: (connection) => connection.closed() }],
    [
      "when nobody says anything",
      {
        client: async (connection) => {
          await connection.end();
          return text(await connection.receiveRest());
        },
      },
    ],
  ];

  test.for(exchanges)("%s", async ([, exchange], { skip, envoys }) => {
    await requiresEnvoy(skip);

    await expectNetworkParity(envoys, { ...exchange, chain: [apart("outer"), apart("inner")] });
  });
});

/** What the guest `steers-connections` does. */
interface Steer {
  readonly in: string;
  readonly do: readonly string[];
  readonly pause?: boolean;
  readonly when?: string;
}

describe("what becomes of a connection that a filter steers", () => {
  const callbacks = [
    ...["new_connection", "downstream_data", "upstream_data"],
    ...["upstream_close", "downstream_close", "done", "log"],
  ];
  const steering = ["resume", "close_downstream", "close_upstream"];
  const touching = ["read_downstream", "write_downstream", "read_upstream", "write_upstream"];
  const held = ["new_connection", "downstream_data"];

  const once = callbacks.flatMap((where) =>
    [...steering, ...touching].map((call): Steer => ({ in: where, do: [call] })),
  );
  const paused = held.flatMap((where) =>
    steering.flatMap((first) =>
      [[first], [first, "resume"], [first, "close_downstream"], [first, "write_downstream"]].map(
        (calls): Steer => ({ in: where, do: calls, pause: true }),
      ),
    ),
  );
  const later = [
    ...paused,
    ...held.map((where): Steer => ({ in: where, do: [...touching, "resume"], pause: true })),
  ].map((steer): Steer => ({ ...steer, when: "after_callout" }));

  /** Whether bytes would meet a closed connection, or not, by chance. */
  const isClosedEarly = ({ in: where, do: calls }: Steer): boolean =>
    where === "new_connection" && calls.some((call) => call.startsWith("close"));
  const exchanges = [...once, ...paused, ...later].map((steer) => [JSON.stringify(steer), steer] as const);

  test.for(sampled(exchanges))("%s", async ([, configuration], { skip, envoys }) => {
    await requiresEnvoy(skip);

    await expectNetworkParity(envoys, {
      chain: [observer("outer"), { filter: guest("steers-connections"), configuration }, observer("inner")],
      client: isClosedEarly(configuration) ? (connection) => connection.closed() : pingPong("abc"),
      service: {},
    });
  });
});

describe("what passes through a filter", () => {
  const edits = ["append", "prepend", "replace", "replace_each", "drain"];
  const exchanges = ["downstream", "upstream"].flatMap((where) =>
    edits.map((edit) => ({ in: where, edit, text: "x\u0000y", length: 2 })),
  );

  test.for(exchanges)("that does $edit $in", async (configuration, { skip, envoys }) => {
    await requiresEnvoy(skip);

    await expectNetworkParity(envoys, {
      chain: [{ filter: guest("edits-connections"), configuration }, observer("inner")],
      client: async (connection) => {
        await connection.send("a secret, kept");
        await connection.receiveUntil(configuration.edit === "drain" ? "kept" : "y");
        await connection.end();
        return text(await connection.receiveRest());
      },
    });
  });
});

test("what a filter can ask of a connection", async ({ skip, envoys }) => {
  await requiresEnvoy(skip);

  const names = [
    ...["connection_id", "connection.id", "connection.mtls", "connection.requested_server_name"],
    ...["connection.tls_version", "connection.termination_details", "connection.transport_failure_reason"],
    ...["source.address", "source.port", "destination.address", "destination.port"],
    ...["upstream.address", "upstream.port", "upstream.transport_failure_reason"],
    ...["upstream.request_attempt_count", "upstream.num_endpoints", "upstream.tls_version"],
    ...["request.path", "request.method", "request.protocol", "response.code", "response.code_details"],
    ...["xds.cluster_name", "xds.route_name", "xds.route_metadata", "xds.virtual_host_name"],
    ...["xds.filter_chain_name", "xds.listener_direction", "xds.listener_metadata", "xds.node.id"],
    ...["plugin_name", "plugin_root_id", "plugin_vm_id", "metadata", "mine", "filter_state.wasm.mine"],
  ];
  const configuration = { paths: names.map((name) => name.split(/\.(?!mine)/)) };
  await expectNetworkParity(envoys, {
    chain: [{ filter: guest("describes-connections"), vmId: "ours", configuration }],
    client: pingPong("abc"),
  });
});
