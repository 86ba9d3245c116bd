import { chainTest, expect } from "proxy-wasm-harness/vitest";
import { doing } from "./scenarios.ts";

const delaying = doing({ delay: { fixed_ms: 5 } }, { max_active_faults: 1 });
const both = { delays_injected: 2, faults_overflow: 0 };

for (const [title, chain] of [
  [
    "two plugins of one configuration and no vm_id share nothing",
    [
      { filter: "fault-injection", configuration: delaying, name: "first" },
      { filter: "fault-injection", configuration: delaying, name: "second" },
    ],
  ],
  [
    "two root_ids of one plugin's name share nothing",
    [
      { filter: "fault-injection", configuration: delaying, name: "same", rootId: "a" },
      { filter: "fault-injection", configuration: delaying, name: "same", rootId: "b" },
    ],
  ],
] as const) {
  chainTest([...chain])(title, async ({ proxy }) => {
    // The first one's fault is active until the request is over: shared, the second one could not act.
    await proxy.get("/");
    await proxy.settled();

    for (const [name, count] of Object.entries(both)) {
      expect(proxy.stats).toHaveCounter(`fault_injection.${name}`, count);
    }
    expect(proxy.stats).toHaveGauge("fault_injection.active_faults", 0);
  });
}

const many = 9;
const holding = doing({ delay: { fixed_ms: 5 } });
const chain = Array.from({ length: many }, (_, i) => ({
  ...{ filter: "fault-injection", configuration: holding, name: `plugin-${i}` },
}));

// Envoy 1.40 ends with a segmentation fault when the fourth plugin of a VM sets its first tick while another's runs.
chainTest(chain)("many plugins of one VM hold a request, each after the one before", async ({ proxy }) => {
  const response = await proxy.get("/");
  await proxy.settled();

  expect(response).toHaveStatus(200);
  expect(proxy.stats).toHaveCounter("fault_injection.delays_injected", many);
});
