/**
 * `node test/fuzz/run.ts [INPUTS] [SEED] [PROCESSES]`: the long campaign, by default of 1,000,000 inputs in two processes,
 * then programs on the memory runtime, then how many inputs each planted bug takes.
 */
import { Random } from "../sdk/random.ts";
import { compileModule, startGuest } from "../sdk/compile.ts";
import type { RuntimeModule } from "../sdk/heap/guest.ts";
import { Program } from "../sdk/heap/program.ts";
import { type CampaignResult, runPart, shareOf } from "./campaign.ts";
import { Lab } from "./lab.ts";
import { runLanes } from "./lanes.ts";
import { parts } from "./parts.ts";
import { seededBugs } from "./seeded-bugs.ts";
import { reasonFor } from "./unreached.ts";

/** The longer a program runs, the more each check has to look at: many short ones cost what their callbacks cost. */
const callbacksPerProgram = 1_000;
const mostInputsPerBug = 100_000;

const [inputs = "1000000", seed = "2026", processes = "2"] = process.argv.slice(2);
/** A fifth of the inputs are callbacks of programs on the memory runtime. */
const programs = Math.ceil(Number(inputs) / 5 / callbacksPerProgram);
const began = performance.now();
const seconds = (): string => ((performance.now() - began) / 1000).toFixed(0);

const result = await runLanes({ inputs: Number(inputs), seed: Number(seed), processes: Number(processes) });
printCampaign(result);
const heapFailure = await fuzzHeap();
const missed = await findBugs();
process.exitCode = result.failure === null && heapFailure === null && missed === 0 ? 0 : 1;

function printCampaign({ inputs: done, failure, missing }: CampaignResult): void {
  for (const outcome of missing) console.log(`never: ${outcome}${because(outcome)}`);
  if (failure !== null) console.log(failure);
  console.log(
    `${done} inputs in ${seconds()} s, seed ${seed}: ${failure === null ? "all handled" : "FAILED"}`,
  );
  console.log(`traps: ${/RuntimeError|trapped|unreachable/.test(failure ?? "") ? "one, above" : "none"}`);
  console.log(`branch outcomes of the SDK that were seen: ${(100 * shareOf(result)).toFixed(1)} %`);
}

function because(outcome: string): string {
  const reason = reasonFor(outcome);
  return reason === null ? "" : `: ${reason}`;
}

/** Random programs on the memory runtime, checked after each callback; what is wrong first, or null. */
async function fuzzHeap(): Promise<string | null> {
  const wasm = await compileModule("runtime");
  for (let i = 1; i <= programs; i++) {
    const { call } = await startGuest<RuntimeModule>(wasm);
    const program = new Program(call, new Random(Number(seed) + i));
    try {
      program.run(callbacksPerProgram);
      program.end();
    } catch (error) {
      console.log(`memory runtime, seed ${Number(seed) + i}: ${String(error)}`);
      return String(error);
    }
  }
  console.log(
    `memory runtime: ${programs} times ${callbacksPerProgram} callbacks are as the model has them, ${seconds()} s`,
  );
  return null;
}

/** How many inputs each planted bug takes; how many are missed. */
async function findBugs(): Promise<number> {
  const lab = new Lab(seededBugs);
  let missed = 0;
  for (const [i, { what, part: wanted }] of seededBugs.entries()) {
    const part = parts.find(({ name }) => name === wanted);
    lab.bug = i + 1;
    const run =
      part && (await runPart(lab, part, mostInputsPerBug, { seed: Number(seed), endOnFailure: true }));
    if (run?.failure == null) missed++;
    console.log(
      `planted: ${what}: ${run?.failure == null ? "MISSED" : `found by ${wanted} with ${run.inputs} inputs`}`,
    );
  }
  console.log(
    `${seededBugs.length - missed} of ${seededBugs.length} planted bugs were found, ${seconds()} s`,
  );
  return missed;
}
