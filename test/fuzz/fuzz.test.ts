import { expect, test } from "vitest";
import { runCampaign } from "./campaign.ts";

test(
  "20,000 hostile inputs are handled as the model has it, and none traps",
  { timeout: 120_000 },
  async () => {
    const { inputs, failure } = await runCampaign({ inputs: 20_000, seed: 7 });

    expect(failure).toBe(null);
    expect(inputs).toBeGreaterThanOrEqual(20_000);
  },
);
