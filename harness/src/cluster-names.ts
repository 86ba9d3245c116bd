import type { Scenario } from "./backend.ts";
import { HarnessError } from "./errors.ts";
import type { ProxyOptions } from "./proxy-options.ts";
import type { Upstream } from "./upstream.ts";

/** The services of a scenario. Refused with `invalid_input` when one has the name of the upstream. */
export function clustersOf({
  clusters = {},
}: Pick<ProxyOptions, "clusters">): Readonly<Record<string, Upstream>> {
  if (!Object.hasOwn(clusters, "upstream")) return clusters;
  throw new HarnessError(
    "invalid_input",
    'clusters: "upstream" is the service behind the proxy: choose another name',
  );
}

/** As `clustersOf`, of gRPC: refused too when a service has the name of another. */
export function grpcClustersOf({ clusters = {}, grpcClusters = {} }: ProxyOptions): Scenario["grpcClusters"] {
  const taken = ["upstream", ...Object.keys(clusters)].find((name) => Object.hasOwn(grpcClusters, name));
  if (taken === undefined) return grpcClusters;
  throw new HarnessError(
    "invalid_input",
    `grpcClusters: "${taken}" is a cluster already: choose another name`,
  );
}
