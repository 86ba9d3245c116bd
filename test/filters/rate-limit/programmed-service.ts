import {
  create,
  fromBinary,
  toBinary,
  toJson,
  type JsonValue,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import type { GrpcUpstream } from "proxy-wasm-harness";
import {
  RateLimitRequestSchema,
  RateLimitResponseSchema,
} from "proxy-wasm-harness/api/envoy/service/ratelimit/v3/rls";
import type { RateLimit, ServiceRule } from "./scenarios.ts";

export const method = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";
/** The name of the service's cluster. */
export const name = "limits";

type Service = ServiceRule["service"];
type Response = MessageInitShape<typeof RateLimitResponseSchema>;

/** One rule of the name "r", which asks about the header x-user if nothing else is said. */
export function asking(
  rule: Partial<Omit<ServiceRule, "service">> = {},
  service: Partial<Service> = {},
  options: Omit<RateLimit, "rules"> = {},
): RateLimit {
  const descriptors: Service["descriptors"] = [{ entries: [{ key: "user", value: { header: "x-user" } }] }];
  const asked = { cluster: name, domain: "shop", descriptors, timeout_ms: 20_000, ...service };
  return { rules: [{ name: "r", ...rule, service: asked }], ...options };
}

/** An answer of the service in its binary form. */
export function answer(response: Response): Uint8Array {
  return toBinary(RateLimitResponseSchema, create(RateLimitResponseSchema, response));
}

/** The calls that the service has had, as JSON has them. */
export function askedOf(service: GrpcUpstream | undefined): JsonValue[] {
  const messages = service?.calls.flatMap(({ received }) => received) ?? [];
  return messages.map((message) =>
    toJson(RateLimitRequestSchema, fromBinary(RateLimitRequestSchema, message)),
  );
}
