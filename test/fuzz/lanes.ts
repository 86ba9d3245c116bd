import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type CampaignResult, runCampaign } from "./campaign.ts";

/** Runs a campaign in several processes, each with its part of the inputs and a seed of its own. */
export async function runLanes(options: {
  readonly inputs: number;
  readonly seed: number;
  readonly processes: number;
}): Promise<CampaignResult> {
  const { inputs, seed, processes } = options;
  const lanes = Array.from({ length: processes }, (_, i) => runLane(inputs / processes, seed + i));
  const results = await Promise.all(lanes);
  const had = new Set(results.flatMap((result) => result.had));
  const missing = new Set(results.flatMap((result) => result.missing));
  return {
    inputs: results.reduce((sum, result) => sum + result.inputs, 0),
    failure: results.map(({ failure }) => failure).find((failure) => failure !== null) ?? null,
    had: [...had],
    missing: [...missing].filter((outcome) => !had.has(outcome)).sort(),
  };
}

function runLane(inputs: number, seed: number): Promise<CampaignResult> {
  const lane = fork(fileURLToPath(import.meta.url), [String(inputs), String(seed)]);
  return new Promise((resolve, reject) => {
    lane.once("message", (result) => resolve(result as CampaignResult));
    lane.once("exit", (code) => reject(new Error(`a process of the campaign ended with ${code}`)));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [inputs, seed] = process.argv.slice(2).map(Number);
  process.send?.(await runCampaign({ inputs: inputs ?? 0, seed: seed ?? 0 }));
}
