import { nearest } from "../../nearest.ts";
import { types, type Check, type Configuration } from "../configuration.ts";
import type { Message } from "../structure/message.ts";

const defaultTimeoutSeconds = 15;

/** Envoy bounds the whole of a request, retries included, by the route's timeout. */
export const triesFitIntoTimeout: Check = (configuration, report) => {
  for (const action of actions(configuration)) {
    const policy = policyOf(action);
    const perTry = policy?.number("per_try_timeout") ?? 0;
    const timeout = action.number("timeout") ?? defaultTimeoutSeconds;
    if (policy === null || timeout === 0 || perTry < timeout || perTry === 0) continue;
    const origin = action.has("timeout") ? "" : ", the default";
    report(
      "per-try-timeout",
      policy.at("per_try_timeout"),
      `per_try_timeout is ${perTry}s and the route's timeout ${timeout}s${origin}: no second try ever has time`,
      `a per_try_timeout below ${timeout}s, or timeout: ${rounded(perTry * ((policy.number("num_retries") ?? 1) + 1))}s`,
    );
  }
};

/** To nanoseconds, which is what a duration has. */
function rounded(seconds: number): number {
  return Number(seconds.toFixed(9));
}

const conditions: ReadonlySet<string> = new Set([
  ...["5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "envoy-ratelimited"],
  ...["retriable-4xx", "refused-stream", "retriable-status-codes", "retriable-headers"],
  ...["http3-post-connect-failure", "cancelled", "deadline-exceeded", "internal", "resource-exhausted"],
  "unavailable",
]);

/** Without a condition nothing is retried, and a condition that Envoy does not know is passed over. */
export const retriesHaveConditions: Check = (configuration, report) => {
  for (const policy of configuration.all(types.retryPolicy)) {
    const words = (policy.text("retry_on") ?? "").split(",").map((word) => word.trim());
    const named = words.filter((word) => word !== "");
    if (named.length === 0)
      report(
        "retry-on-missing",
        policy.spot,
        "without retry_on nothing is retried",
        "retry_on: connect-failure,reset",
      );
    for (const word of named.filter((name) => !conditions.has(name))) {
      const close = nearest(word, conditions);
      const hint = close === null ? `it is one of ${[...conditions].join(", ")}` : `did you mean ${close}?`;
      report(
        "retry-on-unknown",
        policy.at("retry_on"),
        `Envoy passes over the unknown condition ${word}`,
        hint,
      );
    }
    for (const [field, word] of dependent) {
      if (!policy.has(field) || named.length === 0 || named.includes(word)) continue;
      const message = `${field} has no effect, for retry_on does not have ${word}`;
      report("retry-on-missing", policy.at(field), message, `retry_on: ${[...named, word].join(",")}`);
    }
  }
};

const dependent = [
  ["retriable_status_codes", "retriable-status-codes"],
  ["retriable_headers", "retriable-headers"],
] as const;

/** Retries multiply the load of a service that fails already, unless something bounds them. */
export const retriesHaveBudget: Check = (configuration, report) => {
  const byName = new Map(
    configuration.all(types.cluster).map((cluster) => [cluster.text("name") ?? "", cluster]),
  );
  for (const action of actions(configuration)) {
    const policy = policyOf(action);
    const cluster = byName.get(action.text("cluster") ?? "");
    if (policy?.has("retry_on") !== true || cluster === undefined || boundsRetries(cluster)) continue;
    report(
      "retry-budget",
      policy.spot,
      `the cluster ${cluster.text("name") ?? ""} has no retry budget: with max_retries at its default, 3 at once, retries stop when they are needed or add to an overload`,
      "in the cluster: circuit_breakers: { thresholds: [{ retry_budget: { budget_percent: { value: 20 } } }] }",
    );
  }
};

function boundsRetries(cluster: Message): boolean {
  const thresholds = cluster.message("circuit_breakers")?.messages("thresholds") ?? [];
  return thresholds.some((threshold) => threshold.has("retry_budget") || threshold.has("max_retries"));
}

function actions(configuration: Configuration): readonly Message[] {
  return configuration.all("envoy.config.route.v3.RouteAction");
}

function policyOf(action: Message): Message | null {
  return action.message("retry_policy") ?? action.within(types.virtualHost)?.message("retry_policy") ?? null;
}
