import { expect, test } from "vitest";
import { runCampaign, shareOf } from "./campaign.ts";

test(
  "20,000 hostile inputs are handled as the models have it, none traps, and four of five branches of the SDK run",
  { timeout: 120_000 },
  async () => {
    const result = await runCampaign({ inputs: 20_000, seed: 7 });

    expect(result.failure).toBe(null);
    expect(result.inputs).toBeGreaterThanOrEqual(20_000);
    expect(shareOf(result)).toBeGreaterThanOrEqual(0.8);
  },
);
