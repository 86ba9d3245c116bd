import type { HeadersInput } from "proxy-wasm-harness";
import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { RateLimitResponse_Code as Code } from "proxy-wasm-harness/api/envoy/service/ratelimit/v3/rls";
import { answer, asking, askedOf, method, name } from "./programmed-service.ts";
import type { RateLimit, ServiceRule } from "./scenarios.ts";

type Descriptor = ServiceRule["service"]["descriptors"][number];
type Part = Descriptor["entries"][number]["value"];

const ok = answer({ overallCode: Code.OK });
const sent = (descriptors: Descriptor[], options: Omit<RateLimit, "rules"> = {}): RateLimit =>
  asking({}, { descriptors }, options);
const entry = (value: Part): Descriptor => ({ entries: [{ key: "k", value }] });
const by = (value: Part, options: Omit<RateLimit, "rules"> = {}): RateLimit => sent([entry(value)], options);
const k = (value: string): object => ({ entries: [{ key: "k", value }] });
const user = { "x-user": "ann" };
const encoded = (json: string): string => Buffer.from(json).toString("base64url");
const token = `Bearer ${encoded('{"alg":"none"}')}.${encoded('{"sub":"me"}')}.`;

// A table: one line a case.
// prettier-ignore
const descriptors: Array<[what: string, configuration: RateLimit, headers: HeadersInput, descriptors: object[]]> = [
  ["a header", by({ header: "x-user" }), user, [k("ann")]],
  ["a path", by({ path: true }), {}, [k("/a/b")]],
  ["a segment of the path", by({ path_segment: 2 }), {}, [k("b")]],
  ["a method", by({ method: true }), {}, [k("GET")]],
  ["a constant", by({ constant: "all" }), {}, [k("all")]],
  ["an address of IPv4", by({ client_address: {} }, { trusted_hops: 1 }), { "x-forwarded-for": "10.1.2.3" }, [k("10.1.2.3")]],
  ["a network of IPv4", by({ client_address: { ipv4_prefix_bits: 20 } }, { trusted_hops: 1 }), { "x-forwarded-for": "10.1.255.3" }, [k("10.1.240.0/20")]],
  ["a network of IPv6", by({ client_address: {} }, { trusted_hops: 1 }), { "x-forwarded-for": "2001:DB8:0:0:1:2:3:4" }, [k("2001:db8::/64")]],
  ["an address of IPv6", by({ client_address: { ipv6_prefix_bits: 128 } }, { trusted_hops: 1 }), { "x-forwarded-for": "0:0:1::ab:0" }, [k("0:0:1::ab:0")]],
  ["a claim of a token", by({ unverified_jwt_claim: { claim: "sub" } }), { authorization: token }, [k("me")]],
  ["text beyond ASCII", by({ header: "x-user" }), { "x-user": "zoë" }, [k("zoë")]],
  ["bytes that are no text", by({ header: "x-user" }), { "x-user": Uint8Array.from([0x61, 0xff, 0x62]) }, [k("a\ufffdb")]],
  ["nested entries", sent([{ entries: [{ key: "plan", value: { constant: "gold" } }, { key: "user", value: { header: "x-user" } }] }]), user, [{ entries: [{ key: "plan", value: "gold" }, { key: "user", value: "ann" }] }]],
  ["several descriptors", sent([entry({ header: "x-user" }), entry({ method: true })]), user, [k("ann"), k("GET")]],
  ["another limit", sent([{ ...entry({ method: true }), limit: { requests_per_unit: 0, unit: "month" } }]), {}, [{ ...k("GET"), limit: { unit: "MONTH" } }]],
  ["a larger limit", sent([{ ...entry({ method: true }), limit: { requests_per_unit: 4294967295, unit: "second" } }]), {}, [{ ...k("GET"), limit: { requestsPerUnit: 4294967295, unit: "SECOND" } }]],
  ["a weight of its own", sent([{ ...entry({ method: true }), hits_addend: 7 }]), {}, [{ ...k("GET"), hitsAddend: "7" }]],
  ["no weight at all", sent([{ ...entry({ method: true }), hits_addend: 0 }]), {}, [{ ...k("GET"), hitsAddend: "0" }]],
  ["a missing value, shared", asking(), {}, [{ entries: [{ key: "user" }] }]],
  ["a header that comes twice", asking(), [["x-user", "a"], ["x-user", "b"]], [{ entries: [{ key: "user" }] }]],
  ["a missing value, skipped", asking({ on_missing: "skip" }, { descriptors: [entry({ header: "x-user" }), entry({ method: true })] }), {}, [k("GET")]],
];

for (const [what, configuration, headers, expected] of descriptors) {
  filterTest("rate-limit", configuration, { grpcClusters: [name] })(
    `the service is asked about ${what}`,
    async ({ proxy, grpcClusters: { limits } }) => {
      limits?.unary(method, { message: ok });

      expect(await proxy.get("/a/b?c", { headers })).toHaveStatus(200);
      expect(askedOf(limits)).toEqual([{ domain: "shop", descriptors: expected, hitsAddend: 1 }]);
    },
  );
}

// prettier-ignore
const unasked: Array<[what: string, configuration: RateLimit, status: number]> = [
  ["no descriptor of a request", asking({ on_missing: "skip" }), 200],
  ["a request that lacks a value and is denied", asking({ on_missing: "deny" }), 429],
  ["a request that the rule does not speak of", asking({ when: { path: { exact: "/x" } } }), 200],
  ["a request that a limit of this proxy refuses", { rules: [{ name: "none", key: [{ header: "x-user" }], limit: { requests: 1, per: "day" }, on_missing: "deny" }, ...asking().rules] }, 429],
  ["a request that the rule is not enabled for", asking({ enabled: { numerator: 0 } }), 200],
];

for (const [what, configuration, status] of unasked) {
  filterTest("rate-limit", configuration, { grpcClusters: [name] })(
    `the service is not asked about ${what}`,
    async ({ proxy, grpcClusters: { limits } }) => {
      expect(await proxy.get("/")).toHaveStatus(status);
      await proxy.settled();

      expect(limits?.calls).toEqual([]);
      expect(proxy.stats).toHaveCounter("rate_limit.service.asked{rule=r}", 0);
    },
  );
}

filterTest("rate-limit", asking({}, { hits_addend: 5 }), { grpcClusters: [name] })(
  "a request counts for as many as the rule says",
  async ({ proxy, grpcClusters: { limits } }) => {
    limits?.unary(method, { message: ok });
    await proxy.get("/", { headers: user });

    expect(askedOf(limits)).toMatchObject([{ hitsAddend: 5 }]);
  },
);
