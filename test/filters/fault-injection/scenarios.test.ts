import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { groups, type Scenario } from "./scenarios.ts";

const counters = [
  "delays_injected",
  "aborts_injected",
  "response_rl_injected",
  "resets_injected",
  "truncations_injected",
  "faults_overflow",
  "header_values_ignored",
];

describe.each(Object.entries(groups))("%s", (_, scenarios) => {
  for (const scenario of scenarios) testScenario(scenario);
});

function testScenario(scenario: Scenario): void {
  const { title, configuration, path = "/", headers = [], outcome, details, counted = {} } = scenario;
  const test = filterTest("fault-injection", configuration);

  test(title, async ({ proxy, upstream }) => {
    upstream.respond({ body: "thirteen byte" });

    const response = await proxy.get(path, { headers }).catch(({ code }: { code: string }) => code);
    await proxy.settled();

    if (outcome === "reset") expect(response).toBe("internal");
    else expect(response).toHaveStatus(outcome);
    if (details !== undefined) expect(proxy.accessLog[0]?.details).toBe(details);
    else if (outcome === 200)
      expect(typeof response === "string" ? response : response.text()).toBe("thirteen byte");
    expect(upstream.requests).toHaveLength(details === undefined ? 1 : 0);
    for (const name of counters) {
      expect(proxy.stats).toHaveCounter(`fault_injection.${name}`, counted[name] ?? 0);
    }
    expect(proxy.stats).toHaveGauge("fault_injection.active_faults", 0);
    expect(proxy.logs).toEqual([]);
  });
}
