import { describe, expect, test } from "vitest";
import { runCampaign } from "./campaign.ts";
import { seededBugs } from "./seeded-bugs.ts";

test(
  "20,000 hostile inputs are handled as the model has it, and none traps",
  { timeout: 120_000 },
  async () => {
    const { inputs, failure } = await runCampaign({ inputs: 20_000, seed: 7 });

    expect(failure).toBe(null);
    expect(inputs).toBeGreaterThanOrEqual(20_000);
  },
);

describe("a bug that is planted in the SDK is found", () => {
  test.for(seededBugs)("%s", { timeout: 60_000 }, async ([, patch]) => {
    const { failure } = await runCampaign({ inputs: 20_000, seed: 7, patch });

    expect(failure).toMatch(/Counterexample/);
  });
});
