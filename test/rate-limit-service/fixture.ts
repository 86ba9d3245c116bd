import { scenarioTest } from "proxy-wasm-harness/vitest";
import { beforeAll, inject } from "vitest";
import { RedisServer } from "../harness/redis-server.ts";
import { buildTimeoutMs, missingForRateLimitService, rateLimitService } from "./program.ts";
import { type Limits, RateLimitService } from "./service.ts";

interface ServiceFixtures {
  /** What the service counts in. */
  redis: RedisServer;
  /** The service, which begins with nothing counted. */
  service: RateLimitService;
}

/** A test with a real Envoy, and a real rate-limit service of these limits and a real Redis of its own. */
export function serviceTest(limits: Limits) {
  beforeAll(build, buildTimeoutMs);
  return scenarioTest().extend<ServiceFixtures>({
    redis: async ({ skip }, use) => {
      const reason = await reasonToSkip();
      if (reason !== null) skip(reason);
      await using redis = await RedisServer.start();
      await use(redis);
    },
    service: async ({ redis }, use) => {
      await using service = await RateLimitService.start(limits, redis);
      await use(service);
    },
  });
}

/** A first build takes longer than a test may. */
async function build(): Promise<void> {
  if ((await reasonToSkip()) === null) await rateLimitService();
}

/** Why there is no service here, in one line; null where there is one. */
async function reasonToSkip(): Promise<string | null> {
  const backend = inject("proxyWasmBackend");
  if (backend === "embedded") return "a real rate-limit service needs a real Envoy";
  if (backend === "container") return "the rate-limit service listens on a socket of this machine";
  return missingForRateLimitService();
}
