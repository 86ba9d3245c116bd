import { chains } from "./flows/chains.ts";
import { connected } from "./flows/connections.ts";
import { edited } from "./flows/edits.ts";
import { stored } from "./flows/filter-state.ts";
import { foreign } from "./flows/foreign-functions.ts";
import { overGrpcs } from "./flows/grpc.ts";
import { logged } from "./flows/loggers.ts";
import { withFrames } from "./flows/metadata.ts";
import { resolved } from "./flows/names.ts";
import { queued, ticked } from "./flows/plugins.ts";
import { emptyInChunks, heldBehindHeaders, heldInParts, returned } from "./flows/returns.ts";
import { callouts, upstreams } from "./flows/services.ts";
import { lacking, older, started } from "./flows/starts.ts";
import { replied, steered } from "./flows/steering.ts";
import type { Titled } from "./flows/step.ts";
import { served } from "./flows/wasm-services.ts";
import { places } from "./places/places.ts";
import { probes } from "./probes.ts";

const probed = places.flatMap(({ name, scenario, without = [] }) =>
  Object.entries(probes)
    .filter(([what]) => !without.includes(what))
    .map(([what, steps]): Titled => [`${what} in ${name}`, scenario(steps)]),
);

/** The fixed scenarios: what is done, and where. */
export const scenarios: readonly Titled[] = [
  ...[...probed, ...returned, ...heldInParts, ...heldBehindHeaders, ...emptyInChunks],
  ...[...edited, ...replied, ...steered],
  ...[...upstreams, ...callouts, ...overGrpcs, ...queued, ...ticked],
  ...[
    ...connected,
    ...chains,
    ...logged,
    ...started,
    ...lacking,
    ...older,
    ...withFrames,
    ...foreign,
    ...stored,
    ...resolved,
    ...served,
  ],
];
