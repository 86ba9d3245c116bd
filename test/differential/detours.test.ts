import { expect, test } from "vitest";
import { conversation } from "./places/connections.ts";
import { call, message } from "./flows/foreign-calls.ts";
import { played } from "./flows/step.ts";
import { embedded, play, type Scenario } from "./play.ts";

const set = (name: string, value: string) => ({
  steps: [call("set_envoy_filter_state", message({ 1: name, 2: value }))],
});
const proxy = "envoy.network.transport_socket.http_11_proxy.info";
const proxied = set(proxy, "elsewhere.example:80,192.0.2.1:1");

/** Each says what Envoy would do, which this backend cannot; a filter that does it in vain may. */
const refused: ReadonlyArray<[what: string, scenario: Scenario, reason: RegExp]> = [
  [
    "a proxy for requests",
    played({ proxy_on_request_headers: proxied }),
    /^plugin "plays" set \S+http_11_proxy.info in proxy_on_request_headers: Envoy would connect to that proxy, and/,
  ],
  [
    "a proxy for connections",
    { ...conversation, program: { proxy_on_new_connection: proxied } },
    /http_11_proxy.info in proxy_on_new_connection: Envoy would connect to that proxy, and/,
  ],
  [
    "another cluster for connections",
    { ...conversation, program: { proxy_on_new_connection: set("envoy.tcp_proxy.cluster", "service") } },
    /tcp_proxy.cluster in proxy_on_new_connection: Envoy would connect to the cluster "service", and/,
  ],
];

test.for(refused)("%s is named as what only a real Envoy has", async ([, scenario, reason]) => {
  await expect(play(embedded, scenario)).rejects.toMatchObject({
    code: "unimplemented",
    message: expect.stringMatching(reason) as unknown,
  });
});

const inVain: ReadonlyArray<[what: string, scenario: Scenario]> = [
  ["a proxy, when the response is there", played({ proxy_on_response_headers: proxied })],
  [
    "a proxy, when the upstream is connected",
    { ...conversation, program: { proxy_on_downstream_data: proxied } },
  ],
  [
    "a cluster of connections, in a request",
    played({ proxy_on_request_headers: set("envoy.tcp_proxy.cluster", "service") }),
  ],
];

test.for(inVain)("%s changes nothing", async ([, scenario]) => {
  const without = { ...scenario, program: {} };
  const { said, ...seen } = await play(embedded, scenario);
  const { said: other, ...unchanged } = await play(embedded, without);

  expect(said).toEqual(expect.arrayContaining([expect.stringContaining("set_envoy_filter_state")]));
  expect(other).not.toEqual(expect.arrayContaining([expect.stringContaining("set_envoy_filter_state")]));
  expect(seen).toEqual(unchanged);
});
