import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { any, type HeadersInput } from "proxy-wasm-harness";
import type { RateLimitSchema as RateLimitActionsSchema } from "proxy-wasm-harness/api/envoy/config/route/v3/route_components";
import { ApiVersion } from "proxy-wasm-harness/api/envoy/config/core/v3/config_source";
import { RateLimitSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/ratelimit/v3/rate_limit";
import { cluster, type HttpFilter, listener, route, wasm } from "proxy-wasm-harness/scenario";
import { expect } from "proxy-wasm-harness/vitest";
import { countsIn, forgetAll } from "../../rate-limit-service/counts.ts";
import { serviceTest } from "../../rate-limit-service/fixture.ts";
import { asking, name } from "./programmed-service.ts";
import type { ServiceRule } from "./scenarios.ts";

const limit = (requests: number) => ({ rate_limit: { unit: "year", requests_per_unit: requests } });
const test = serviceTest({
  domain: "shop",
  descriptors: [
    { key: "user", ...limit(4) },
    { key: "plan", value: "gold", descriptors: [{ key: "user", ...limit(2) }] },
    { key: "remote_address", ...limit(6) },
    { key: "masked_remote_address", ...limit(5) },
  ],
});

type Descriptor = ServiceRule["service"]["descriptors"][number];
type Actions = MessageInitShape<typeof RateLimitActionsSchema>;
type Action = NonNullable<Actions["actions"]>[number];

const header = (headerName: string, descriptorKey: string): Action => ({
  actionSpecifier: { case: "requestHeaders", value: { headerName, descriptorKey } },
});
const generic = (descriptorKey: string, descriptorValue: string): Action => ({
  actionSpecifier: { case: "genericKey", value: { descriptorKey, descriptorValue } },
});
const address: Action = { actionSpecifier: { case: "remoteAddress", value: {} } };
const network: Action = {
  actionSpecifier: { case: "maskedRemoteAddress", value: { v4PrefixMaskLen: 20 } },
};
const user = { key: "user", value: { header: "x-user" } };

/** Envoy's own filter, with the same service. */
const native = (rateLimits: Actions[]): HttpFilter =>
  any(RateLimitSchema, {
    domain: "shop",
    timeout: durationFromMs(20_000),
    rateLimitService: {
      transportApiVersion: ApiVersion.V3,
      grpcService: { targetSpecifier: { case: "envoyGrpc", value: { clusterName: name } } },
    },
    rateLimits,
  });

// A table: one line a way to count.
// prettier-ignore
const ways: Array<[what: string, descriptors: Descriptor[], rateLimits: Actions[]]> = [
  ["a header", [{ entries: [user] }], [{ actions: [header("x-user", "user")] }]],
  ["a constant and a header in it", [{ entries: [{ key: "plan", value: { constant: "gold" } }, user] }], [{ actions: [generic("plan", "gold"), header("x-user", "user")] }]],
  ["the client's address", [{ entries: [{ key: "remote_address", value: { client_address: {} } }] }], [{ actions: [address] }]],
  ["the client's network", [{ entries: [{ key: "masked_remote_address", value: { client_address: { ipv4_prefix_bits: 20 } } }] }], [{ actions: [network] }]],
  ["two descriptors", [{ entries: [user] }, { entries: [{ key: "remote_address", value: { client_address: {} } }] }], [{ actions: [header("x-user", "user")] }, { actions: [address] }]],
  ["a weight", [{ entries: [user], hits_addend: 2 }], [{ actions: [header("x-user", "user")], hitsAddend: { number: 2n } }]],
  ["a method that the service does not know", [{ entries: [{ key: "method", value: { method: true } }] }], [{ actions: [header(":method", "method")] }]],
];

const requests: HeadersInput[] = [
  ...["ann", "ann", "bob", "ann", "ann", "ann", "bob", "ann"].map((name) => ({ "x-user": name })),
  {},
  { "x-user": "bob" },
];

for (const [what, descriptors, rateLimits] of ways) {
  test(`by ${what} the service counts and decides the same for Envoy's own filter`, async ({
    start,
    service,
    redis,
    upstream,
  }) => {
    // Each request asks, as it does in Envoy's own filter; a descriptor that lacks a value is left out, as there.
    const options = { max_refused_keys: 0 };
    const ours = asking({ on_missing: "skip" }, { descriptors, timeout_ms: 20_000 }, options);
    const routes = [route("/", "service")];
    const mesh = await start({
      listeners: [
        listener("ours", { httpFilters: [wasm("rate-limit", ours)], routes }),
        listener("native", { httpFilters: [native(rateLimits)], routes }),
      ],
      clusters: [cluster("service", upstream), cluster(name, service.address, { protocol: "h2" })],
    });
    const seenAt = async (at: string): Promise<object> => {
      const statuses: number[] = [];
      for (const headers of requests) statuses.push((await mesh.get(at, "/", { headers })).status);
      const counts = await countsIn(redis);
      await forgetAll(redis);
      return { statuses, counts };
    };

    const seen = await seenAt("ours");
    expect(seen).toEqual(await seenAt("native"));
  });
}
