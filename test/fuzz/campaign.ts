import fc from "fast-check";
import type { BranchNotes } from "./instrumented.ts";
import { Lab } from "./lab.ts";
import { type Part, parts } from "./parts.ts";

export interface CampaignOptions {
  /** Inputs of all kinds together, at least. */
  readonly inputs: number;
  readonly seed: number;
}

export interface CampaignResult {
  readonly inputs: number;
  /** The first counterexample, shrunk, with its seed; null when every input was handled as it must be. */
  readonly failure: string | null;
  /** The branch outcomes of the SDK that were had, and those that never were. */
  readonly had: readonly string[];
  readonly missing: readonly string[];
}

/**
 * Sends hostile traffic, values and configurations through filters, on the embedded host and on a light one that may be
 * hostile, too, and holds what comes of it against models. A trap, a hang, a misdeed or a difference is a failure.
 */
export async function runCampaign({ inputs, seed }: CampaignOptions): Promise<CampaignResult> {
  const lab = new Lab();
  let done = 0;
  let failure: string | null = null;
  for (const part of parts) {
    const run = await runPart(lab, part, inputs * part.share, { seed });
    done += run.inputs;
    if (run.failure !== null) failure ??= `${part.name}: ${run.failure}`;
  }
  return { inputs: done, failure, ...outcomes(await lab.notes()) };
}

/** Runs one part of the campaign until so many inputs are done, or the first has failed. */
export async function runPart(
  lab: Lab,
  part: Part,
  inputs: number,
  options: { readonly seed: number; readonly endOnFailure?: boolean },
): Promise<{ readonly inputs: number; readonly failure: string | null }> {
  const numRuns = Math.ceil(inputs / part.inputsPerRun);
  const details = await fc.check(await part.property(lab), { ...options, numRuns });
  const reason = details.errorInstance instanceof Error ? details.errorInstance.message : "it failed";
  const failure = details.failed ? `${reason}\n${fc.defaultReportMessage(details)}` : null;
  return { inputs: details.numRuns * part.inputsPerRun, failure };
}

/** An outcome counts once, however many modules have its branch: to be had in one of them is enough. */
function outcomes(all: readonly BranchNotes[]): Pick<CampaignResult, "had" | "missing"> {
  const had = new Set(all.flatMap((notes) => notes.had()));
  const missing = new Set(all.flatMap((notes) => notes.missing()));
  return { had: [...had], missing: [...missing].filter((outcome) => !had.has(outcome)).sort() };
}

/** How many of the outcomes were had, of 1. */
export function shareOf({ had, missing }: Pick<CampaignResult, "had" | "missing">): number {
  return had.length / (had.length + missing.length);
}
