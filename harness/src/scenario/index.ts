/** Describes what an Envoy is to do in a few lines, with every message of Envoy's API underneath, and runs it. */
export type { AccessLogger } from "./access-log.ts";
export { cidr } from "./address.ts";
export { cluster, type Cluster, type ClusterSettings } from "./cluster.ts";
export {
  endpoint,
  type Endpoint,
  type Endpoints,
  type EndpointSettings,
  type ListenerEndpoint,
  type Server,
} from "./endpoint.ts";
export type { FilterChain } from "./filter-chain.ts";
export type { HttpFilter, ListenerFilter, NetworkFilter } from "./filter.ts";
export type { HttpChain } from "./http-connection-manager.ts";
export type { ClientChoice } from "./listener-clients.ts";
export { listener, type Listener, type ListenerParts } from "./listener.ts";
export type { Fields } from "./merge.ts";
export { wasm } from "./plugin.ts";
export {
  route,
  virtualHost,
  type Retry,
  type Route,
  type RouteMatch,
  type RouteSettings,
  type RouteTarget,
  type VirtualHost,
} from "./route.ts";
export type { Removed, Scenario, ScenarioChange } from "./scenario.ts";
export { startScenario, type ScenarioOptions } from "./start.ts";
export {
  StartedScenario,
  type ListenerAddress,
  type ScenarioRequest,
  type WebSocketOptions,
} from "./started-scenario.ts";
export { tcpProxy } from "./tcp-proxy.ts";
export type { ClusterTls, ListenerTls } from "./tls.ts";
