import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { RateLimitResponse_Code as Code } from "proxy-wasm-harness/api/envoy/service/ratelimit/v3/rls";
import { answer, asking, method, name } from "./programmed-service.ts";

const grpcClusters = [name];
const refusal = { message: answer({ overallCode: Code.OVER_LIMIT }) };
const limit = { requests: 1, per: "day" };
const settings = (of: object) => ({ "rate-limit": of });
const virtualHost = {
  routes: [
    { prefix: "/off", metadata: settings({ disabled: true }) },
    { prefix: "/without", metadata: settings({ rules: [{ name: "r", disabled: true }] }) },
    { prefix: "/limited", metadata: settings({ rules: [{ name: "r", limit }] }) },
    { prefix: "/wrong", metadata: settings({ rules: 1 }) },
    { prefix: "/" },
  ],
};

// A table: one line a route.
// prettier-ignore
const routes: Array<[what: string, path: string, allow: number, deny: number, calls: number]> = [
  ["a route without settings asks", "/", 429, 429, 1],
  ["a route can turn all rules off", "/off", 200, 200, 0],
  ["a route can turn the rule off", "/without", 200, 200, 0],
  ["a route that gives the rule a limit has on_failure decide", "/limited", 200, 429, 0],
  ["a route whose settings are wrong has on_failure decide", "/wrong", 200, 429, 0],
];

for (const [what, path, allow, deny, calls] of routes) {
  for (const [onFailure, status] of [
    ["allow", allow],
    ["deny", deny],
  ] as const) {
    filterTest("rate-limit", asking({ on_failure: onFailure }), { grpcClusters, virtualHost })(
      `${what}: ${onFailure}`,
      async ({ proxy, grpcClusters: { limits } }) => {
        limits?.unary(method, refusal);

        expect(await proxy.get(path)).toHaveStatus(status);
        expect(limits?.calls).toHaveLength(calls);
      },
    );
  }
}
