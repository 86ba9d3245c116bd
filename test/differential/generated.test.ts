import fc from "fast-check";
import { expect } from "vitest";
import { requiresEnvoy } from "../harness/requires-envoy.ts";
import { test } from "../project.ts";
import { anyScenario } from "./generated.ts";
import { embedded, play, realEnvoy } from "./play.ts";

/** Others are tried with `SCENARIOS_SEED=7 SCENARIOS=5000`; a failure says its seed, and its scenario as small as it gets. */
const { SCENARIOS_SEED: seed = "2026", SCENARIOS: count } = process.env;
const numRuns = Number(count ?? (process.env["CI"] === "true" ? 2_000 : 100));

test(`${numRuns} scenarios that nobody wrote are the same to the embedded host as to Envoy`, async ({
  skip,
  envoys,
}) => {
  await requiresEnvoy(skip);

  await fc.assert(
    fc.asyncProperty(anyScenario, async (scenario) => {
      expect(await play(embedded, scenario)).toEqual(await play(realEnvoy(envoys), scenario));
    }),
    { seed: Number(seed), numRuns },
  );
}, 3_600_000);
