/** `node test/fuzz/run.ts [INPUTS] [SEED]`: the long campaign, by default of 1,000,000 inputs. */
import { runCampaign, shareOf } from "./campaign.ts";

const [inputs = "1000000", seed = "2026"] = process.argv.slice(2);
const began = performance.now();
const result = await runCampaign({ inputs: Number(inputs), seed: Number(seed) });
const seconds = ((performance.now() - began) / 1000).toFixed(0);
for (const outcome of result.missing) console.log(`never: ${outcome}`);
if (result.failure !== null) console.log(result.failure);
console.log(
  `${result.inputs} inputs in ${seconds} s, seed ${seed}: ${result.failure === null ? "all handled" : "FAILED"}`,
);
console.log(`branch outcomes of the SDK that were seen: ${(100 * shareOf(result)).toFixed(1)} %`);
process.exitCode = result.failure === null ? 0 : 1;
