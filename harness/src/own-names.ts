/** What the harness itself has in an Envoy, by names that nobody gives to something else. */

/** The listener through which `WorkerBarrier` reaches every worker thread. */
export const barrierListener = "proxy-wasm-harness-barrier";

/** The listener that keeps the code of modules between two users of an Envoy, and the name of its plugins. */
export const keptCodeName = "proxy-wasm-harness-code";

/** The cluster by which Envoy reaches its collector. */
export const collectorName = "proxy-wasm-harness-collector";

/**
 * The name of the cluster by which Envoy reaches its control plane.
 *
 * @category Configure Envoy
 */
export const controlPlaneCluster = "proxy-wasm-harness-control-plane";
