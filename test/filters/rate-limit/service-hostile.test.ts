import { expect, filterTest } from "proxy-wasm-harness/vitest";
import {
  RateLimitResponse_Code as Code,
  RateLimitResponse_RateLimit_Unit as Unit,
} from "proxy-wasm-harness/api/envoy/service/ratelimit/v3/rls";
import { answer, asking, askedOf, method, name } from "./programmed-service.ts";

const grpcClusters = [name];
const status = {
  code: Code.OVER_LIMIT,
  currentLimit: { requestsPerUnit: 4_294_967_295, unit: Unit.YEAR, name: "n" },
  limitRemaining: 4_294_967_295,
  durationUntilReset: { seconds: -1n, nanos: 999_999_999 },
};
const whole = answer({
  overallCode: Code.OVER_LIMIT,
  statuses: [status, { ...status, durationUntilReset: { seconds: 315_576_000_000n } }, {}],
  responseHeadersToAdd: [{ key: "x-said", value: "no" }, { key: "a b" }, { key: ":status", value: "200" }],
  requestHeadersToAdd: [{ key: "x-said", value: "a\r\nb: c" }],
  rawBody: Uint8Array.of(0, 0xff),
});
const broken = [
  ...Array.from(whole, (_, i) => whole.slice(0, i)),
  ...Array.from(whole, (byte, i) => whole.with(i, byte ^ 0x80)),
  ...Array.from(whole, (byte, i) => whole.with(i, byte ^ 0x07)),
];
const options = { grpcClusters, needs: ["virtual-clock"] as const, logLevel: "critical" as const };

filterTest("rate-limit", asking({ on_failure: "deny" }, {}, { rate_limit_headers: "always" }), {
  ...options,
  needs: [...options.needs],
})(
  "nothing that a service answers traps, or leaves a request waiting",
  async ({ proxy, grpcClusters: { limits } }) => {
    for (const [i, message] of [whole, ...broken].entries()) {
      limits?.unary(method, { message });
      const response = await proxy.get("/", { headers: { "x-user": `user-${i}` } });

      expect([200, 429]).toContain(response.status);
    }
    expect(limits?.calls).toHaveLength(broken.length + 1);
  },
);

// A table: one line a value.
// prettier-ignore
const values: Array<[what: string, value: Uint8Array]> = [
  ["an overlong form", Uint8Array.of(0xc0, 0x80)],
  ["a surrogate", Uint8Array.of(0xed, 0xa0, 0x80)],
  ["a sequence that is cut off", Uint8Array.of(0xf0, 0x9f)],
  ["a byte that is never text", Uint8Array.of(0xff)],
];

for (const [what, value] of values) {
  filterTest("rate-limit", asking({ on_failure: "allow" }), { grpcClusters })(
    `a client evades no limit by ${what}: the service is sent text`,
    async ({ proxy, grpcClusters: { limits } }) => {
      limits?.unary(method, { message: answer({ overallCode: Code.OVER_LIMIT }) });

      expect(await proxy.get("/", { headers: { "x-user": value } })).toHaveStatus(429);
      expect(JSON.stringify(askedOf(limits))).toMatch(/"value":"\ufffd+"/);
    },
  );
}

filterTest("rate-limit", asking(), { grpcClusters })(
  "a value as long as a proxy takes is asked about as it is",
  async ({ proxy, grpcClusters: { limits } }) => {
    const long = "x".repeat(30_000);
    limits?.unary(method, { message: answer({ overallCode: Code.OVER_LIMIT }) });

    expect(await proxy.get("/", { headers: { "x-user": long } })).toHaveStatus(429);
    expect(askedOf(limits)).toMatchObject([{ descriptors: [{ entries: [{ value: long }] }] }]);
  },
);
