import { types, type Check } from "../configuration.ts";

/** What Envoy's API takes for `base_interval` at the least, and with what Envoy survives; in seconds. */
const [least, safe] = [0.001, 0.002];

/**
 * Envoy waits for `base_interval`, and for up to half of it more: a random number modulo half of the interval in whole
 * milliseconds, and half of 1 is 0 (source/common/common/backoff_strategy.cc, JitteredLowerBoundBackOffStrategy).
 */
export const reloadsHaveAnInterval: Check = (configuration, report) => {
  for (const plugin of configuration.all(types.plugin)) {
    if (plugin.text("failure_policy") !== "FAIL_RELOAD") continue;
    const backoff = plugin.message("reload_config")?.message("backoff") ?? null;
    const interval = backoff?.number("base_interval") ?? safe;
    if (backoff === null || interval < least || interval >= safe) continue; // the API itself refuses less
    report(
      "reload-interval",
      backoff.at("base_interval"),
      `base_interval is ${interval}s, whose half in whole milliseconds is 0, and Envoy divides by it: the first request after a trap ends the whole process (SIGFPE)`,
      "base_interval: 0.002s or more; without reload_config it is 1s",
    );
  }
};
