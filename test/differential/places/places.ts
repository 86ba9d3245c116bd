import { ofChains } from "./chains.ts";
import { ofConnections } from "./connections.ts";
import { ofMetadata } from "./metadata.ts";
import type { Place } from "./place.ts";
import { ofPlugins } from "./plugins.ts";
import { ofStreams } from "./streams.ts";

/** All of them. */
export const places: readonly Place[] = [
  ...ofStreams,
  ...ofPlugins,
  ...ofConnections,
  ...ofChains,
  ...ofMetadata,
];
