import { types, type Check } from "../configuration.ts";
import type { Report } from "../finding.ts";
import type { Message } from "../structure/message.ts";

const network = "envoy.extensions.filters.network";
/** Network filters that end a chain: nothing after them ever runs. */
const terminal: ReadonlySet<string> = new Set([
  types.manager,
  `${network}.tcp_proxy.v3.TcpProxy`,
  `${network}.redis_proxy.v3.RedisProxy`,
  `${network}.thrift_proxy.v3.ThriftProxy`,
  `${network}.dubbo_proxy.v3.DubboProxy`,
  `${network}.generic_proxy.v3.GenericProxy`,
  `${network}.echo.v3.Echo`,
  `${network}.direct_response.v3.Config`,
]);
/** Network filters that need another one after them. */
const passing: ReadonlySet<string> = new Set([
  `${network}.wasm.v3.Wasm`,
  `${network}.rbac.v3.RBAC`,
  `${network}.ratelimit.v3.RateLimit`,
  `${network}.local_ratelimit.v3.LocalRateLimit`,
  `${network}.connection_limit.v3.ConnectionLimit`,
  `${network}.ext_authz.v3.ExtAuthz`,
  `${network}.ext_proc.v3.NetworkExternalProcessor`,
  `${network}.sni_cluster.v3.SniCluster`,
  `${network}.set_filter_state.v3.Config`,
  `${network}.mongo_proxy.v3.MongoProxy`,
  `${network}.zookeeper_proxy.v3.ZooKeeperProxy`,
]);

/** One filter ends a chain, and it is the last. */
export const filterChainsEnd: Check = (configuration, report) => {
  for (const manager of configuration.all(types.manager)) checkHttp(report, manager);
  for (const chain of configuration.all(types.filterChain)) checkNetwork(report, chain);
};

function checkHttp(report: Report, manager: Message): void {
  const filters = manager.messages("http_filters");
  const routers = filters.filter((filter) => typeOf(filter) === types.router);
  for (const router of routers.filter((filter) => filter !== filters.at(-1))) {
    const isSecond = routers.at(-1) === filters.at(-1);
    const message = isSecond
      ? `${nameOf(router)} is a router before another one, and no filter can follow a router`
      : `${nameOf(router)} is a router, and no filter can follow it: what follows would never run`;
    report(
      "filter-order",
      router.spot,
      message,
      isSecond ? "remove it" : "move it to the end of http_filters",
    );
  }
  const last = filters.at(-1);
  if (routers.length > 0 || last?.has("typed_config") === false) return;
  if (last === undefined || passes(typeOf(last) ?? "")) reportNoRouter(report, manager);
}

/** Whether an HTTP filter is known to need another one after it: what is loaded dynamically may end a chain. */
function passes(type: string): boolean {
  return type.startsWith("envoy.extensions.filters.http.") && !type.includes(".dynamic_modules.");
}

function reportNoRouter(report: Report, manager: Message): void {
  report(
    "filter-order",
    manager.at("http_filters"),
    "the HTTP filters do not end with a router, without which no request reaches an upstream",
    `- { name: envoy.filters.http.router, typed_config: { "@type": type.googleapis.com/${types.router} } }`,
  );
}

function checkNetwork(report: Report, chain: Message): void {
  const filters = chain.messages("filters");
  for (const filter of filters.slice(0, -1)) {
    if (terminal.has(typeOf(filter) ?? ""))
      report(
        "filter-order",
        filter.spot,
        `${nameOf(filter)} ends a filter chain, and stands before others`,
        "move it to the end",
      );
  }
  const last = filters.at(-1);
  if (last !== undefined && passing.has(typeOf(last) ?? "")) {
    const message = `${nameOf(last)} is the last filter of its chain, and passes data on to nobody`;
    report("filter-order", last.spot, message, "put tcp_proxy or an HTTP connection manager after it");
  }
}

function typeOf(filter: Message): string | null {
  return filter.message("typed_config")?.type ?? null;
}

function nameOf(filter: Message): string {
  return filter.text("name") ?? "the filter";
}
