import { expect, test } from "vitest";
import { runCampaign, shareOf } from "./campaign.ts";

test(
  "40,000 hostile inputs are handled as the models have it, none traps, and nine of ten branches of the SDK run",
  { timeout: 400_000 },
  async () => {
    const result = await runCampaign({ inputs: 40_000, seed: 7 });

    expect(result.failure).toBe(null);
    expect(result.inputs).toBeGreaterThanOrEqual(40_000);
    expect(shareOf(result)).toBeGreaterThanOrEqual(0.9);
  },
);
