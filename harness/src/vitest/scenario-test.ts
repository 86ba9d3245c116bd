import path from "node:path";
import { inject, type TestAPI } from "vitest";
import type { BackendName } from "../backends.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { startScenario, type ScenarioOptions } from "../scenario/start.ts";
import type { StartedScenario } from "../scenario/started-scenario.ts";
import { Upstream } from "../upstream.ts";
import { envoySettings, lastLook } from "./filter-test.ts";
import { missing, type Need } from "./needs.ts";
import { onSharedEnvoys, type SharedEnvoys } from "./shared-envoys.ts";

/**
 * What a test of a scenario receives. All are its own, and gone when it ends.
 *
 * @category Write tests
 */
export interface ScenarioFixtures {
  /** The service that the scenario was made with. */
  upstream: Upstream;
  /** The scenario, started when the test asks for it. */
  mesh: StartedScenario;
  /** Starts another scenario, which ends with the test. */
  start: (scenario: Scenario, options?: Omit<ScenarioOptions, "backend">) => Promise<StartedScenario>;
}

/**
 * Options of the tests that a `scenarioTest` makes.
 *
 * @category Write tests
 */
export interface ScenarioTestOptions extends Omit<ScenarioOptions, "backend"> {
  /** The Envoy that the tests need, `envoy>=1.38`; with another one they are skipped with the reason. */
  readonly needs?: readonly Need[];
}

/** What a scenario is made of. */
type Describe = (fixtures: Pick<ScenarioFixtures, "upstream">) => Scenario | Promise<Scenario>;

/**
 * A vitest `test` with the fixtures `mesh`, `upstream` and `start`.
 *
 * @category Write tests
 */
export type ScenarioTest = TestAPI<ScenarioFixtures & SharedEnvoys>;

/**
 * Makes a `test` whose `mesh` is a real Envoy that does what a scenario says, on this machine or in a container, as the
 * vitest project chose (`backendProjects`); it is skipped in the embedded backend. The test fails when a filter traps,
 * even after its last assertion.
 *
 * @category Write tests
 */
export function scenarioTest(
  describe: Describe = () => ({ listeners: [] }),
  options: ScenarioTestOptions = {},
): ScenarioTest {
  const { needs = [], ...all } = options;
  return onSharedEnvoys.extend<ScenarioFixtures>({
    upstream: async ({}, use) => use(new Upstream()),
    start: async ({ envoys, task, skip }, use) => {
      const backend = (inject("proxyWasmBackend") as BackendName | undefined) ?? "envoy";
      if (backend === "embedded") return skip("a scenario needs a real Envoy");
      const ofProject = envoySettings(all.envoy);
      const reason = await missing(backend, needs, ofProject);
      if (reason !== null) skip(reason);
      const started: StartedScenario[] = [];
      await use(async (scenario, own = {}) => {
        const relativeTo = path.dirname(task.file.filepath);
        const envoy = { pool: envoys, ...ofProject, ...own.envoy };
        const mesh = await startScenario(scenario, { relativeTo, ...all, ...own, backend, envoy });
        started.push(mesh);
        return mesh;
      });
      for (const mesh of started) task.meta.proxyWasm = await lastLook(mesh, task.result?.state === "fail");
    },
    mesh: async ({ start, upstream }, use) => use(await start(await describe({ upstream }))),
  });
}
