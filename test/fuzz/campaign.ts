import { fileURLToPath } from "node:url";
import fc, { type IAsyncProperty } from "fast-check";
import { damagedText, echo as echoConfiguration, soundAuthz } from "./configurations.ts";
import type { BranchNotes, Patch } from "./instrumented.ts";
import { headersAreLogged, isRefusedInOneLine, survives, verdictsAgree } from "./properties.ts";
import { Subject } from "./subject.ts";
import { request } from "./traffic.ts";

const folder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const requestsPerProxy = 50;

export interface CampaignOptions {
  /** Requests and configurations together, at least. */
  readonly inputs: number;
  readonly seed: number;
  /** A bug to plant in a copy of the SDK. */
  readonly patch?: Patch;
}

export interface CampaignResult {
  readonly inputs: number;
  /** The first counterexample, shrunk, with its seed; null when every input was handled as it must be. */
  readonly failure: string | null;
  /** The branch outcomes of the SDK that were seen, of 1, and those that were not. */
  readonly coverage: { readonly share: number; readonly missing: readonly string[] };
}

/** A property, how many inputs one run of it has, and its share of all inputs. */
interface Part {
  readonly share: number;
  readonly inputsPerRun: number;
  check(numRuns: number, seed: number): Promise<string | null>;
}

/**
 * Sends hostile traffic through the filters under hostile configurations, in the embedded host, and holds every verdict,
 * every logged header and every refusal against a model. A trap, a hang or a difference is a failure.
 */
export async function runCampaign({ inputs, seed, patch }: CampaignOptions): Promise<CampaignResult> {
  const authz = await Subject.build(folder("filters/header-authz"), patch);
  const echo = await Subject.build(folder("test/guests/echo-headers"), patch);
  let failure: string | null = null;
  let done = 0;
  for (const { share, inputsPerRun, check } of partsOf(authz, echo)) {
    const numRuns = Math.ceil((inputs * share) / inputsPerRun);
    failure ??= await check(numRuns, seed);
    if (failure !== null) break;
    done += numRuns * inputsPerRun;
  }
  return { inputs: done, failure, coverage: combined([authz.notes, echo.notes]) };
}

function partsOf(authz: Subject, echo: Subject): Part[] {
  const traffic = fc.array(request, { minLength: requestsPerProxy, maxLength: requestsPerProxy });
  const all = requestsPerProxy + 1; // with the configuration
  return [
    part(
      0.4,
      all,
      fc.asyncProperty(soundAuthz, traffic, (sound, sent) => verdictsAgree(authz, sound, sent)),
    ),
    part(
      0.25,
      all,
      fc.asyncProperty(traffic, (sent) => headersAreLogged(echo, sent)),
    ),
    part(
      0.3,
      all,
      fc.asyncProperty(echoConfiguration, traffic, (told, sent) => survives(echo, told, sent)),
    ),
    part(
      0.05,
      1,
      fc.asyncProperty(damagedText, (text) => isRefusedInOneLine(authz, text)),
    ),
  ];
}

function part<T>(share: number, inputsPerRun: number, property: IAsyncProperty<T>): Part {
  return {
    share,
    inputsPerRun,
    check: async (numRuns, seed) => {
      const details = await fc.check(property, { seed, numRuns });
      return details.failed ? (fc.defaultReportMessage(details) ?? "failed") : null;
    },
  };
}

/** A branch counts once, however many modules it stands in: an outcome in one of them is enough. */
function combined(all: readonly BranchNotes[]): CampaignResult["coverage"] {
  const missing = all.map((notes) => new Set(notes.missing()));
  const had = all.flatMap((notes) => notes.had());
  const outcomes = new Set(had);
  const never = [...new Set(missing.flatMap((set) => [...set]))]
    .filter((outcome) => !outcomes.has(outcome))
    .sort();
  return { share: outcomes.size / (outcomes.size + never.length), missing: never };
}
