import { expect, test } from "vitest";
import { isCi } from "../harness/requires-ci.ts";
import { runCampaign, shareOf } from "./campaign.ts";

const inputs = isCi ? 40_000 : 10_000;

test(
  `${inputs.toLocaleString("en")} hostile inputs are handled as the models have it, none traps, and nine of ten branches of the SDK run`,
  { timeout: 400_000 },
  async () => {
    const result = await runCampaign({ inputs, seed: 7 });

    expect(result.failure).toBe(null);
    expect(result.inputs).toBeGreaterThanOrEqual(inputs);
    expect(shareOf(result)).toBeGreaterThanOrEqual(0.9);
  },
);
