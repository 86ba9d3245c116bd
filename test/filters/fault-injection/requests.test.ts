import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { doing, ruled } from "./scenarios.ts";

const control = {
  "x-envoy-fault-delay-request": "1",
  "x-envoy-fault-delay-request-percentage": "100",
  "x-envoy-fault-abort-request-percentage": "0",
  "x-envoy-fault-abort-grpc-request": "99",
  "x-envoy-fault-throughput-response": "1000",
  "x-envoy-fault-throughput-response-percentage": "x",
};
const never = ruled({ percent: { numerator: 0 } });

/** The names of these headers that the upstream received. */
const left = (names: Iterable<readonly [string, unknown]>): string[] =>
  [...names].map(([name]) => name).filter((name) => name.startsWith("x-envoy-fault-"));

for (const [title, header_control] of [
  ["whoever may ask", { delay: { max_ms: 5 }, abort: {}, pace: { least_kib_per_second: 1 } }],
  ["though nobody may ask", {}],
  ["though this one may not ask", { when: { header: "x-a", exact: "b" }, abort: {} }],
] as const) {
  filterTest("fault-injection", { ...never, header_control })(
    `what requests ask for does not reach the upstream, ${title}`,
    async ({ proxy, upstream }) => {
      await proxy.get("/", { headers: { ...control, "x-a": "c" } });

      expect(left(upstream.requests[0]?.headers ?? [])).toEqual([]);
      expect(upstream.requests[0]?.headers.get("x-a")).toBe("c");
    },
  );
}

filterTest("fault-injection", never)(
  "where requests may not ask at all, their headers are others' concern",
  async ({ proxy, upstream }) => {
    await proxy.get("/", { headers: control });

    expect(left(upstream.requests[0]?.headers ?? [])).toHaveLength(Object.keys(control).length);
  },
);

filterTest(
  "fault-injection",
  ruled({
    abort: {
      http_status: 503,
      body: "out of order",
      headers: [
        { name: "retry-after", value: "5" },
        { name: "x-a", value: "ü" },
      ],
    },
  }),
)("an abort has the body and the headers that its rule says", async ({ proxy }) => {
  const response = await proxy.get("/");

  expect(response.text()).toBe("out of order");
  expect(response.headers.get("retry-after")).toBe("5");
  expect(Buffer.from(response.headers.bytes("x-a") ?? []).toString()).toBe("ü");
});

const grpc = { "content-type": "application/grpc" };

filterTest("fault-injection", ruled({ abort: { grpc_status: 14, body: "out of order" } }))(
  "a gRPC request is aborted with a gRPC status",
  async ({ proxy }) => {
    const { status, headers } = await proxy.post("/pkg.Service/Method", "", { headers: grpc });

    expect(status).toBe(200);
    expect(headers.get("grpc-status")).toBe("14");
    expect(headers.get("grpc-message")).toBe("out of order");
  },
);

filterTest("fault-injection", ruled({ abort: { http_status: 503 } }))(
  "a gRPC request is aborted with the gRPC status of an HTTP status",
  async ({ proxy }) => {
    const { status, headers } = await proxy.post("/pkg.Service/Method", "", { headers: grpc });

    expect(status).toBe(200);
    expect(headers.get("grpc-status")).toBe("14");
  },
);

filterTest("fault-injection", doing({ delay: { fixed_ms: 5 } }))(
  "a request with body and trailers is whole after its delay",
  async ({ proxy, upstream }) => {
    await proxy.post("/a", ["one ", "two"], { trailers: { "x-sum": "7" } });

    const [request] = upstream.requests;
    expect(Buffer.from(request?.body ?? []).toString()).toBe("one two");
    expect(request?.trailers.get("x-sum")).toBe("7");
  },
);
