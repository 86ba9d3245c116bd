import type { Check } from "../configuration.ts";
import { addressesAreNumbers, addressesDiffer, adminIsLocal, forwardedForIsTrusted } from "./addresses.ts";
import { clustersExist } from "./cluster-names.ts";
import { clustersHaveEndpoints, discoveryKnowsNode, grpcHasHttp2 } from "./clusters.ts";
import { filterChainsEnd } from "./filter-order.ts";
import { filterConfigsMatch, namesAreUnique, routeConfigsExist } from "./names.ts";
import { reloadsHaveAnInterval } from "./reloads.ts";
import { retriesHaveBudget, retriesHaveConditions, triesFitIntoTimeout } from "./retries.ts";
import { routesAreReachable } from "./routes.ts";
import { certificatesAreVerified, filtersFailClosed, pathsAreNormalised, tlsIsRecent } from "./security.ts";
import { streamsAreBounded } from "./streams.ts";
import { extensionsAreTyped } from "./typed-configs.ts";
import { pluginsFitModules, virtualMachinesAreShared } from "./wasm.ts";

/** Every rule about meaning. */
export const checks: readonly Check[] = [
  extensionsAreTyped,
  adminIsLocal,
  addressesAreNumbers,
  addressesDiffer,
  forwardedForIsTrusted,
  clustersExist,
  clustersHaveEndpoints,
  discoveryKnowsNode,
  grpcHasHttp2,
  filterChainsEnd,
  filterConfigsMatch,
  namesAreUnique,
  routeConfigsExist,
  retriesHaveBudget,
  retriesHaveConditions,
  triesFitIntoTimeout,
  routesAreReachable,
  certificatesAreVerified,
  filtersFailClosed,
  pathsAreNormalised,
  tlsIsRecent,
  streamsAreBounded,
  pluginsFitModules,
  reloadsHaveAnInterval,
  virtualMachinesAreShared,
];
