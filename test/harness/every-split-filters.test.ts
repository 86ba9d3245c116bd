import { everySplit, type Configuration, type SplitRun } from "proxy-wasm-harness";
import { expect } from "proxy-wasm-harness/vitest";
import { test } from "vitest";
import { isCi } from "./requires-ci.ts";

/** All splits of a body of twelve bytes are for CI. */
const maxRuns = isCi ? 5_000 : 100;

function filtered(filter: string, configuration: Configuration) {
  return { chain: [{ filter, configuration }] };
}

/** Two messages of gRPC, of two bytes and of none. */
const messages = Uint8Array.of(0, 0, 0, 0, 2, 0x61, 0x62, 0, 0, 0, 0, 0);
const grpc = { headers: { "content-type": "application/grpc" } };

test("metrics counts the messages of gRPC streams however they are cut", async () => {
  const counted = (which: "request" | "response") => {
    return async ({ proxy, upstream, chunks }: SplitRun) => {
      const body = chunks(messages);
      upstream.respond({ ...grpc, body: which === "response" ? body : "", trailers: { "grpc-status": "0" } });
      await proxy.post("/pkg.Service/Method", which === "request" ? body : "", { ...grpc });
      await proxy.settled();
      expect(proxy.stats).toHaveCounter(`metrics.${which}_messages_total`, 2);
      return proxy.stats;
    };
  };

  for (const which of ["request", "response"] as const) {
    const metrics = filtered("metrics", { labels: [], histograms: [] });
    expect(await everySplit(metrics, counted(which), { maxRuns })).toHaveNoFindings();
  }
});

test.for([
  ["holds back", { pace: { bytes_per_second: 100 } }],
  ["cuts off", { truncate: { body_bytes: 5 } }],
] as const)("what fault-injection %s is the same however it comes", async ([, fault]) => {
  const faulty = filtered("fault-injection", { rules: [{ name: "r", ...fault }] });
  const report = await everySplit(
    faulty,
    async ({ proxy, upstream, chunks }) => {
      upstream.respond({ body: chunks("grüße") });
      const got = await proxy.get("/").catch((error: unknown) => error);
      await proxy.settled();
      return { got, stats: proxy.stats, accessLog: proxy.accessLog };
    },
    { maxRuns },
  );

  expect(report).toHaveNoFindings();
});
