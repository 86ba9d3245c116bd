/** Fixtures and matchers for vitest. */
import "./matchers.ts";

export { expect } from "vitest";
export {
  chainTest,
  filterTest,
  type FilterFixtures,
  type FilterTest,
  type FilterTestOptions,
  type ProxyWasmMeta,
} from "./filter-test.ts";
export {
  networkChainTest,
  networkFilterTest,
  type NetworkFilterFixtures,
  type NetworkFilterTest,
  type NetworkFilterTestOptions,
} from "./network-filter-test.ts";
export type { CallStep, CallWanted } from "./matchers/calls.ts";
export type { Need } from "./needs.ts";
export {
  scenarioTest,
  type ScenarioFixtures,
  type ScenarioTest,
  type ScenarioTestOptions,
} from "./scenario-test.ts";
export type { SharedEnvoys } from "./shared-envoys.ts";
