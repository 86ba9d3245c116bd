import type { TcpUpstream, Upstream } from "proxy-wasm-harness";
import { cluster, listener, route, tcpProxy, wasm, type Scenario } from "proxy-wasm-harness/scenario";

/** The servers that the scenario leads to. */
export interface Services {
  readonly stable: Upstream;
  readonly canary: Upstream;
  readonly echo: TcpUpstream;
}

/** What `envoy-configs/canary.yaml` says, in ten lines. */
export const canary = ({ stable, canary, echo }: Services): Scenario => ({
  listeners: [
    listener("http", {
      httpFilters: [wasm("header-authz", { rules: [{ allow: { header: "x-role", exact: "admin" } }] })],
      routes: [route("/health", 200), route("/", { stable: 90, canary: 10 }, { retry: { on: "5xx" } })],
    }),
    listener("internal", { routes: [route("/", "stable")] }),
    listener("tcp", { filters: [tcpProxy("echo")] }),
  ],
  clusters: [cluster("stable", stable), cluster("canary", canary, { protocol: "h2" }), cluster("echo", echo)],
});
