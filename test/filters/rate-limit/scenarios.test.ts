import { expect, filterTest } from "proxy-wasm-harness/vitest";
import { scenarios } from "./scenarios.ts";

for (const { title, configuration, requests, statuses } of scenarios) {
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
