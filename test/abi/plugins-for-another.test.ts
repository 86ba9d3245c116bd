import { chainTest, expect } from "proxy-wasm-harness/vitest";
import { guest } from "../guests/guest.ts";

const filter = guest("acts-for-another");
const test = chainTest(
  ["first", "second"].map((rootId) => ({ filter, rootId, name: rootId, vmId: "shared" })),
  { clusters: ["service"], grpcClusters: ["greeter"] },
);
const method = (name: string): string => `/pkg.Greeter/${name}`;

// A table: what the second plugin does for the first one, and in whose context that ends, a plugin's or a stream's.
// prettier-ignore
const deeds: Array<[what: string, does: string, source: string, message: string]> = [
  ["a timer of another plugin is set", "timer", "first", "its time"],
  ["a timer of another plugin's stream is set", "stream_timer", "first first", "its time"],
  ["a timer of another plugin is cancelled, and one's own stays", "cancel_timer", "second", "its time"],
  ["a callout of another plugin is made", "call", "first", "answered: yes"],
  ["a callout of another plugin's stream is made", "stream_call", "first first", "answered: yes"],
  ["a gRPC call of another plugin is made", "grpc", "first", "answered: yes"],
  ["a gRPC call of another plugin's stream is made", "stream_grpc", "first first", "answered: yes"],
  ["a message is sent on a gRPC stream of another plugin", "send_grpc", "first", "answered: ping"],
];

for (const [what, does, source, message] of deeds) {
  test(`${what} in a plugin's callback`, async ({ proxy, clusters, grpcClusters: { greeter } }) => {
    clusters["service"]?.respond({ body: "yes" });
    greeter?.unary(method("Ask"), { message: "yes" });
    greeter?.stream(method("Talk"), async function* (call) {
      for await (const sent of call.messages) yield sent;
    });

    expect(await proxy.get("/", { headers: { "x-do": does } })).toHaveStatus(200);
    await proxy.settled();
    expect(proxy.logs).toMatchObject([{ level: "info", source: `${source} shared`, message }]);
  });
}

test("a gRPC call of another plugin is cancelled in a plugin's callback", async ({ proxy, grpcClusters }) => {
  grpcClusters["greeter"]?.unary(method("Ask"), { fault: "silence" });

  expect(await proxy.get("/", { headers: { "x-do": "cancel_grpc" } })).toHaveStatus(200);
  await proxy.settled();
  expect(proxy.logs).toEqual([]); // the host knows the call
  expect(proxy.transcript.filter(({ name }) => name === "proxy_grpc_cancel")).toHaveLength(1);
  expect(grpcClusters["greeter"]?.calls.filter(({ isCancelled }) => !isCancelled)).toEqual([]);
});
