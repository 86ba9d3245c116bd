import { flows } from "./flows.ts";
import { places } from "./places.ts";
import { probes } from "./probes.ts";
import type { Scenario } from "./play.ts";

/** The fixed scenarios: what is done, and where. */
export const scenarios: ReadonlyArray<readonly [title: string, scenario: Scenario]> = [
  ...places.flatMap(([place, scenario]) =>
    Object.entries(probes).map(([what, steps]) => [`${what} in ${place}`, scenario(steps)] as const),
  ),
  ...flows,
];
