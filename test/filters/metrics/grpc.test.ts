import { any, GrpcUpstream, type FilterConfigurations } from "proxy-wasm-harness";
import { FilterConfigSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/grpc_stats/v3/config";
import { cluster, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { expect, filterTest, scenarioTest } from "proxy-wasm-harness/vitest";

const configuration: FilterConfigurations["metrics"] = { labels: [], histograms: [] };
const test = filterTest("metrics", configuration);

/** A message with its prefix: a byte for compression, four for the length. */
function message(length: number): Buffer {
  const bytes = Buffer.alloc(5 + length, 0x61);
  bytes.writeUInt8(0, 0);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

const messages = (...lengths: number[]): Buffer => Buffer.concat(lengths.map(message));
const cut = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
const grpc = "application/grpc";

// A table: one line a case.
// prettier-ignore
const bodies: Array<[what: string, chunks: Buffer[], count: number]> = [
  ["no message", [], 0],
  ["an empty message", [messages(0)], 1],
  ["a message", [messages(10)], 1],
  ["several in one chunk", [messages(10, 0, 700, 3)], 4],
  ["one in several chunks", [Buffer.alloc(0), ...cut(message(5000), 1024)], 1],
  ["messages cut byte by byte", cut(messages(7, 0, 0, 12), 1), 4],
  ["prefixes over the ends of chunks", cut(messages(1, 2, 3, 4, 5, 6), 4), 6],
  ["many short ones", [messages(...Array.from({ length: 2000 }, (_, i) => i % 3))], 2000],
  ["one that ends early", [message(100).subarray(0, 50)], 1],
  ["a prefix that ends early", [Buffer.concat([message(3), Buffer.alloc(4)])], 1],
  ["a length that no body has", [Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3])], 1],
];

test.for(bodies)(
  "the messages of a gRPC stream are counted: %s",
  async ([, chunks, count], { proxy, upstream }) => {
    upstream.respond({ headers: { "content-type": grpc }, body: chunks, trailers: { "grpc-status": "0" } });
    await proxy.post("/pkg.Service/Method", chunks, {
      headers: { "content-type": `${grpc}+proto`, te: "trailers" },
    });
    await proxy.settled();

    expect(proxy.stats).toHaveCounter("metrics.request_messages_total", count);
    expect(proxy.stats).toHaveCounter("metrics.response_messages_total", count);
  },
);

// prettier-ignore
const others: Array<[what: string, request: string, response: string, requests: number | null, responses: number | null]> = [
  ["an answer that is no gRPC", grpc, "text/html", 1, 0],
  ["gRPC with parameters", `${grpc}; a=b`, grpc, 1, 1],
  ["gRPC-Web", "application/grpc-web", "application/grpc-web", null, null],
  ["another type", "application/grpcx", grpc, null, null],
  ["an answer of gRPC to something else", "text/plain", grpc, null, null],
];

test.for(others)("%s", async ([, request, response, requests, responses], { proxy, upstream }) => {
  upstream.respond({ headers: { "content-type": response }, body: message(3) });
  await proxy.post("/pkg.Service/Method", message(3), { headers: { "content-type": request } });
  await proxy.settled();

  expect(proxy.stats.get("metrics.request_messages_total")).toBe(requests);
  expect(proxy.stats.get("metrics.response_messages_total")).toBe(responses);
});

const byStatus = filterTest("metrics", { labels: ["grpc_response_status"], histograms: [] });

// prettier-ignore
const statuses: Array<[status: string, isError: boolean]> = [
  ["0", false], ["1", false], ["2", true], ["3", false], ["4", true], ["5", false], ["7", false], ["8", false],
  ["12", true], ["13", true], ["14", true], ["15", true], ["16", false],
];

byStatus.for(statuses)(
  "gRPC status %s is a label, and an error where the server is to blame",
  async ([status, isError], { proxy, upstream }) => {
    upstream.respond({
      headers: { "content-type": grpc },
      body: message(1),
      trailers: { "grpc-status": status },
    });
    await proxy.post("/pkg.Service/Method", message(1), {
      headers: { "content-type": grpc, te: "trailers" },
    });
    await proxy.settled();

    expect(proxy.stats).toHaveCounter(`metrics.requests_total{grpc_response_status=${status}}`, 1);
    expect(proxy.stats.get(`metrics.request_errors_total{grpc_response_status=${status}}{error=grpc}`)).toBe(
      isError ? 1 : null,
    );
  },
);

const greet = "/pkg.Greeter/Chat";
const greeter = new GrpcUpstream();
const streaming = scenarioTest(() => ({
  listeners: [
    listener("in", {
      httpFilters: [
        wasm("metrics", configuration),
        any(FilterConfigSchema, {
          emitFilterState: true,
          perMethodStatSpecifier: { case: "statsForAllMethods", value: { value: true } },
        }),
      ],
      routes: [route("/", "greeter")],
    }),
  ],
  clusters: [cluster("greeter", greeter)],
}));

streaming("the messages of a stream in both directions are those of Envoy's grpc_stats", async ({ mesh }) => {
  greeter.stream(greet, async function* (call) {
    for await (const one of call.messages) {
      yield one;
      yield one;
    }
    return { status: 0 };
  });
  const client = await mesh.grpc("in");
  const call = client.stream(greet);
  for (const size of [0, 1, 70_000, 3, 3]) await call.send(Buffer.alloc(size, 0x61));
  await call.end();
  const replies: Uint8Array[] = [];
  for await (const reply of call.messages) replies.push(reply);
  await mesh.settled();

  expect(replies).toHaveLength(10);
  const native = (name: string): number | null =>
    mesh.stats.get(`cluster.greeter.grpc.pkg.Greeter.Chat.${name}`);
  expect([native("request_message_count"), native("response_message_count")]).toEqual([5, 10]);
  expect(proxyCounts(mesh.stats)).toEqual([5, 10]);
});

function proxyCounts(stats: { get(name: string): number | null }): Array<number | null> {
  return ["request", "response"].map((name) => stats.get(`metrics.${name}_messages_total`));
}
