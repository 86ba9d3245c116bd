import { any } from "proxy-wasm-harness";
import {
  FaultAbort_HeaderAbortSchema,
  HTTPFaultSchema,
} from "proxy-wasm-harness/api/envoy/extensions/filters/http/fault/v3/fault";
import {
  FaultDelay_HeaderDelaySchema,
  FaultRateLimit_HeaderLimitSchema,
} from "proxy-wasm-harness/api/envoy/extensions/filters/common/fault/v3/fault";
import { FractionalPercent_DenominatorType as Of } from "proxy-wasm-harness/api/envoy/type/v3/percent";
import { create } from "@bufbuild/protobuf";
import { cluster, type HttpFilter, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { expect, type ScenarioTest, scenarioTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { doing, type FaultInjection, ruled } from "./scenarios.ts";

const percentage = (numerator: number) => ({ numerator, denominator: Of.HUNDRED });

/** Envoy's own filter, which requests control. */
const controlled = any(HTTPFaultSchema, {
  delay: {
    percentage: percentage(100),
    faultDelaySecifier: { case: "headerDelay", value: create(FaultDelay_HeaderDelaySchema) },
  },
  abort: {
    percentage: percentage(100),
    errorType: { case: "headerAbort", value: create(FaultAbort_HeaderAbortSchema) },
  },
  responseRateLimit: {
    percentage: percentage(100),
    limitType: { case: "headerLimit", value: create(FaultRateLimit_HeaderLimitSchema) },
  },
});
const control: FaultInjection = {
  header_control: { delay: { max_ms: 5_000 }, abort: {}, pace: { least_kib_per_second: 1 } },
};

function both(native: HttpFilter, ours: FaultInjection): ScenarioTest {
  const routes = [route("/", "service")];
  return scenarioTest(({ upstream }) => ({
    listeners: [
      listener("native", { httpFilters: [native], routes }),
      listener("ours", { httpFilters: [wasm("fault-injection", ours)], routes }),
    ],
    clusters: [cluster("service", upstream)],
  }));
}

const name = (kind: string): string => `x-envoy-fault-${kind}`;

describe("a request is answered as by Envoy's own filter when it asks for", () => {
  const test = both(controlled, control);

  // A table: one line a case.
  // prettier-ignore
  const cases: Array<[what: string, headers: Record<string, string>]> = [
    ["nothing", {}],
    ["an abort", { [name("abort-request")]: "418" }],
    ["the least status", { [name("abort-request")]: "200" }],
    ["a status below", { [name("abort-request")]: "199" }],
    ["the greatest status", { [name("abort-request")]: "599" }],
    ["a status above", { [name("abort-request")]: "600" }],
    ["a status that is no number", { [name("abort-request")]: "abc" }],
    ["no status", { [name("abort-request")]: "" }],
    ["both statuses", { [name("abort-grpc-request")]: "5", [name("abort-request")]: "418" }],
    ["an abort for nobody", { [name("abort-request")]: "418", [name("abort-request-percentage")]: "0" }],
    ["an abort for everybody", { [name("abort-request")]: "418", [name("abort-request-percentage")]: "100" }],
    ["an abort for more than everybody", { [name("abort-request")]: "418", [name("abort-request-percentage")]: "1000" }],
    ["an abort for whom nobody knows", { [name("abort-request")]: "418", [name("abort-request-percentage")]: "x" }],
    ["a gRPC abort for nobody", { [name("abort-grpc-request")]: "5", [name("abort-request-percentage")]: "0" }],
    ["a delay", { [name("delay-request")]: "5" }],
    ["a delay and an abort", { [name("delay-request")]: "5", [name("abort-request")]: "418" }],
    ["a slow response", { [name("throughput-response")]: "1000" }],
  ];

  test.for(cases)("%s", async ([, headers], { mesh, upstream }) => {
    upstream.respond({ body: "from the upstream" });
    const answer = async (from: string): Promise<unknown> => {
      const reached = upstream.requests.length;
      const { status } = await mesh.get(from, "/", { headers });
      return { status, isReached: upstream.requests.length > reached };
    };

    expect(await answer("ours")).toEqual(await answer("native"));
  });

  test.for([...Array(17).keys()].map(String))("gRPC status %s, by gRPC", async (asked, { mesh }) => {
    const headers = { "content-type": "application/grpc", [name("abort-grpc-request")]: asked };
    const answer = async (from: string): Promise<unknown> => {
      const response = await mesh.get(from, "/", { headers });
      return [response.status, response.headers.get("grpc-status")];
    };

    expect(await answer("ours")).toEqual([200, asked]);
    expect(await answer("native")).toEqual([200, asked]);
  });

  test("a gRPC status that there is not: Envoy's own filter sends it, this one ignores it", async ({
    mesh,
    upstream,
  }) => {
    for (const from of ["native", "ours"])
      await mesh.get(from, "/", { headers: { [name("abort-grpc-request")]: "17" } });

    expect(upstream.requests).toHaveLength(1);
  });

  test("a gRPC status without gRPC: Envoy's own filter answers 200, this one what stands for it", async ({
    mesh,
  }) => {
    const headers = { [name("abort-grpc-request")]: "14" };

    expect(await mesh.get("native", "/", { headers })).toHaveStatus(200);
    expect(await mesh.get("ours", "/", { headers })).toHaveStatus(503);
  });

  test.for(["0", "5"])(
    "delays are counted as Envoy's own filter counts them, for %s ms",
    async (ms, { mesh }) => {
      for (const from of ["native", "ours"])
        await mesh.get(from, "/", { headers: { [name("delay-request")]: ms } });
      await mesh.settled();

      const { stats } = mesh;
      expect(stats.get("fault_injection.delays_injected")).toBe(
        stats.get("http.native.fault.delays_injected"),
      );
      expect(stats.get("fault_injection.active_faults")).toBe(stats.get("http.native.fault.active_faults"));
    },
  );
});

for (const share of [0, 100]) {
  const native = any(HTTPFaultSchema, {
    abort: { percentage: percentage(share), errorType: { case: "httpStatus", value: 503 } },
  });
  both(native, ruled({ percent: { numerator: share } }))(
    `${share} of a hundred are the same requests as for Envoy's own filter`,
    async ({ mesh }) => {
      const statuses = async (from: string): Promise<number[]> =>
        (await Promise.all(Array.from({ length: 20 }, () => mesh.get(from, "/")))).map(
          ({ status }) => status,
        );

      expect(await statuses("ours")).toEqual(await statuses("native"));
      await mesh.settled();
      const { stats } = mesh;
      expect(stats.get("fault_injection.aborts_injected")).toBe(
        stats.get("http.native.fault.aborts_injected"),
      );
    },
  );
}

const large = "x".repeat(3_000_000);
const slowly = both(
  any(HTTPFaultSchema, {
    responseRateLimit: {
      percentage: percentage(100),
      limitType: { case: "fixedLimit", value: { limitKbps: 5_000n } },
    },
  }),
  doing({ pace: { bytes_per_second: 5_120_000 } }),
);

slowly(
  "a paced response of more than Envoy buffers comes whole, as through Envoy's own filter",
  async ({ mesh, upstream }) => {
    upstream.respond({ body: large });

    for (const from of ["native", "ours"])
      expect((await mesh.get(from, "/")).text()).toHaveLength(large.length);
  },
);

slowly(
  "a paced response comes with its trailers, as through Envoy's own filter",
  async ({ mesh, upstream }) => {
    upstream.respond({
      headers: { "transfer-encoding": "chunked" },
      body: ["a", "b"],
      trailers: { "x-sum": "2" },
    });

    for (const from of ["native", "ours"]) {
      const response = await mesh.get(from, "/", { protocol: "h2" });
      expect([response.text(), response.trailers.get("x-sum")]).toEqual(["ab", "2"]);
    }
  },
);
