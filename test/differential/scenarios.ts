import { edited } from "./flows/edits.ts";
import { overGrpcs } from "./flows/grpc.ts";
import { queued, ticked } from "./flows/plugins.ts";
import { returned } from "./flows/returns.ts";
import { callouts, upstreams } from "./flows/services.ts";
import { replied, steered } from "./flows/steering.ts";
import type { Titled } from "./flows/step.ts";
import { places } from "./places.ts";
import { probes } from "./probes.ts";

const probed = places.flatMap(([place, scenario]) =>
  Object.entries(probes).map(([what, steps]): Titled => [`${what} in ${place}`, scenario(steps)]),
);

/** The fixed scenarios: what is done, and where. */
export const scenarios: readonly Titled[] = [
  ...[...probed, ...returned, ...edited, ...replied, ...steered],
  ...[...upstreams, ...callouts, ...overGrpcs, ...queued, ...ticked],
];
