import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { describe } from "vitest";
import { groups, type Scenario } from "./scenarios.ts";

describe.each(Object.entries(groups))("%s", (_, scenarios) => {
  for (const scenario of scenarios) testScenario(scenario);
});

function testScenario({ title, configuration, requests, statuses }: Scenario): void {
  const test = filterTest("rate-limit", configuration);

  test(title, async ({ proxy, upstream }) => {
    const seen: number[] = [];
    for (const { headers = [], ...asked } of requests) {
      seen.push((await proxy.request({ ...asked, headers })).status);
    }
    await proxy.settled();

    expect(seen).toEqual(statuses);
    expect(upstream.requests).toHaveLength(statuses.filter((status) => status === 200).length);
    expect(proxy.logs).toEqual([]);
  });
}
