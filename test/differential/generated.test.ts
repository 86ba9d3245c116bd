import fc from "fast-check";
import type { EnvoyPool } from "proxy-wasm-harness";
import { expect } from "vitest";
import { requiresEnvoy } from "../harness/requires-envoy.ts";
import { test } from "../project.ts";
import { anyScenario } from "./generated/generated.ts";
import { streamsWithMetadata } from "./generated/metadata.ts";
import { embedded, play, playersOf, realEnvoy, type Scenario } from "./play.ts";
import { partsOf, type Program } from "./program.ts";
import { isCi } from "../harness/requires-ci.ts";

/** Others are tried with `SCENARIOS_SEED=7 SCENARIOS=5000`; a failure says its seed, and its scenario as small as it gets. */
const { SCENARIOS_SEED: seed = "2026", SCENARIOS: count } = process.env;
/** Envoy 1.40 ends by SIGSEGV when two filters make late trailers for a request, and the first writes them again: docs/embedded.md. */
function endsEnvoy(scenario: Scenario): boolean {
  if (!("request" in scenario) || scenario.request.trailers === undefined) return false;
  return playersOf(scenario).filter(({ program }) => holdsBody(program) && writesLate(program)).length > 1;
}

function holdsBody({ proxy_on_request_body: part }: Program): boolean {
  return (
    part !== undefined && partsOf({ proxy_on_request_body: part }).some(({ returns = 0 }) => returns !== 0)
  );
}

/** Whether it asks for the map of a request's trailers, other than to read it, behind the request. */
function writesLate(program: Program): boolean {
  const late = Object.entries(program).filter(([moment]) => !/request/.test(moment));
  return partsOf(Object.fromEntries(late)).some(({ steps }) =>
    steps.some(
      ({ call, with: [map] }) => map === 1 && /_(add|replace|remove|set)_header|map_size/.test(call),
    ),
  );
}

const numRuns = Number(count ?? (isCi ? 2_000 : 80));

test(`${numRuns} scenarios that nobody wrote are the same to the embedded host as to Envoy`, async ({
  skip,
  envoys,
}) => {
  await requiresEnvoy(skip);

  await areAlike(anyScenario, { envoys, numRuns });
}, 3_600_000);

const withMetadata = isCi ? 100 : 4;

test(`${withMetadata} scenarios with METADATA that nobody wrote are the same to the embedded host as to Envoy`, async ({
  skip,
  envoys,
}) => {
  await requiresEnvoy(skip);

  await areAlike(streamsWithMetadata, { envoys, numRuns: withMetadata });
}, 3_600_000);

/** Plays so many of them in both backends, and fails with the smallest that is not the same. */
async function areAlike(
  scenarios: fc.Arbitrary<Scenario>,
  { envoys, numRuns }: { readonly envoys: EnvoyPool; readonly numRuns: number },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      if (endsEnvoy(scenario)) return;
      expect(await play(embedded, scenario)).toEqual(await play(realEnvoy(envoys), scenario));
    }),
    { seed: Number(seed), numRuns },
  );
}
