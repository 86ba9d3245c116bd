import { HarnessError } from "../errors.ts";
import { startFresh, type RepeatedOptions } from "../fresh-proxy.ts";
import { callsIn, type Made } from "./calls.ts";
import { refuseRuns, settingsOf, type ExhaustOptions } from "./options.ts";
import { planOf } from "./plan.ts";
import { ExhaustReport, type Run } from "./report.ts";
import { runWith, type RepeatedScenario, type Subject } from "./run.ts";
import type { Strike } from "./strike.ts";

/**
 * Runs a scenario once as it is, which must hold, and then again and again, each time with a fresh proxy of the embedded
 * backend in which one thing goes wrong: every host call that the scenario makes, with every status that it can return, all
 * calls of a name at once and each alone, while the plugins start too; and each allocation for the host. It reports what made
 * the filter trap or hang, or let a request reach the upstream that should not have. Refused with `unsupported` for a real
 * Envoy, with `invalid_input` for more runs than `maxRuns` or for none, and with whatever the undisturbed scenario throws.
 *
 * @category Write tests
 */
export async function exhaust(
  options: RepeatedOptions,
  scenario: RepeatedScenario,
  exhaustOptions: ExhaustOptions = {},
): Promise<ExhaustReport> {
  const settings = settingsOf(options, exhaustOptions);
  const subject = { options, scenario, settings };
  const { made, allocations } = await undisturbed(subject);
  const { strikes, leftOut } = planOf(made, allocations, settings);
  refuseRuns(strikes.length, settings);
  return new ExhaustReport({ made, runs: await runsOf(strikes, subject), leftOut });
}

interface Undisturbed {
  readonly made: readonly Made[];
  readonly allocations: number;
}

async function undisturbed({ options, scenario, settings }: Subject): Promise<Undisturbed> {
  const fresh = await startFresh(options);
  await using proxy = fresh.proxy;
  await scenario(fresh);
  await proxy.settled();
  const passed = fresh.upstream.requests.find((request) => settings.unauthorised(request));
  if (passed !== undefined)
    throw new HarnessError(
      "invalid_input",
      `exhaust: ${passed.method} ${passed.path}, which unauthorised names, reaches the upstream though nothing goes wrong: ` +
        "mend the filter, the scenario or unauthorised",
    );
  return {
    made: callsIn(proxy.sinceStart.transcript.since(0), proxy.startCalls),
    allocations: proxy.faults.allocator.count,
  };
}

async function runsOf(strikes: readonly Strike[], subject: Subject): Promise<Run[]> {
  const runs: Run[] = [];
  const tried = new Set<string>();
  for (const strike of strikes) {
    if (tried.has(firstOf(strike))) continue;
    const outcome = await runWith(strike, subject);
    runs.push({ strike, outcome });
    if (strike.nth === null && outcome.hasStruck && outcome.strikes === 1)
      tried.add(firstOf({ ...strike, nth: 1 }));
  }
  return runs;
}

/** Where every call fails and there was but one, the run in which the first one fails alone is the same. */
function firstOf({ made, failure, nth, isAtStart }: Strike): string {
  return `${made?.name} ${failure} ${nth} ${isAtStart}`;
}
