import { nearest } from "../../nearest.ts";
import { types, type Check } from "../configuration.ts";
import type { Report, Spot } from "../finding.ts";
import type { RuleName } from "../rules.ts";
import type { Message } from "../structure/message.ts";

/** Names by which Envoy finds things must differ. */
export const namesAreUnique: Check = (configuration, report) => {
  const clusters = configuration.all(types.cluster);
  reportSame(report, clusters, {
    rule: "duplicate-name",
    noun: "cluster",
    outcome: "Envoy refuses the second",
  });
  const listeners = configuration.all(types.listener);
  reportSame(report, listeners, {
    rule: "duplicate-name",
    noun: "listener",
    outcome: "the second replaces the first in silence",
  });
  for (const routes of configuration.all(types.routes)) {
    const hosts = routes.messages("virtual_hosts");
    reportSame(report, hosts, {
      rule: "ambiguous-name",
      noun: "virtual host",
      outcome: "their stats run together",
    });
    reportDomains(report, hosts);
  }
  for (const manager of configuration.all(types.manager)) {
    const outcome = "typed_per_filter_config and ECDS find a filter by its name, and would find both";
    reportSame(report, manager.messages("http_filters"), {
      rule: "ambiguous-name",
      noun: "HTTP filter",
      outcome,
    });
  }
};

interface Naming {
  readonly rule: RuleName;
  readonly noun: string;
  readonly outcome: string;
}

function reportSame(report: Report, messages: readonly Message[], { rule, noun, outcome }: Naming): void {
  const seen = new Set<string>();
  for (const message of messages) {
    const name = message.text("name") ?? "";
    if (name !== "" && seen.has(name))
      report(rule, message.at("name"), `another ${noun} is named ${name} too: ${outcome}`);
    seen.add(name);
  }
}

function reportDomains(report: Report, hosts: readonly Message[]): void {
  const seen = new Map<string, string>();
  for (const host of hosts) {
    const name = host.text("name") ?? "";
    for (const { value, spot } of host.leaves("domains")) {
      const domain = String(value).toLowerCase();
      const first = seen.get(domain);
      if (first !== undefined)
        report("duplicate-name", spot, `the domain ${domain} belongs to the virtual host ${first} already`);
      seen.set(domain, first ?? name);
    }
  }
}

/** Per-route configuration for a filter that is not in the chain is passed over in silence. */
export const filterConfigsMatch: Check = (configuration, report) => {
  for (const manager of configuration.all(types.manager)) {
    const names = new Set(manager.messages("http_filters").map((filter) => filter.text("name") ?? ""));
    for (const { key, spot } of filterConfigs(manager)) {
      if (names.has(key)) continue;
      const close = nearest(key, names);
      report(
        "unmatched-filter-config",
        spot,
        `no HTTP filter here is named ${key}, so this configuration has no effect`,
        close === null ? `the filters are ${[...names].join(", ")}` : `did you mean ${close}?`,
      );
    }
  }
};

function filterConfigs(manager: Message): Array<{ key: string; spot: Spot }> {
  const routes = manager.message("route_config");
  const holders = routes === null ? [] : [...routes.all()];
  return holders.flatMap((holder) =>
    holder.nodes("typed_per_filter_config").flatMap(({ key, spot }) => (key === null ? [] : [{ key, spot }])),
  );
}

/** A listener that asks for routes that nobody serves waits for ever, where all are known. */
export const routeConfigsExist: Check = (configuration, report) => {
  const served = configuration.roots.filter(({ type }) => type === types.routes);
  if (served.length === 0) return;
  const names = new Set(served.map((routes) => routes.text("name") ?? ""));
  for (const manager of configuration.all(types.manager)) {
    const rds = manager.message("rds");
    const name = rds?.text("route_config_name") ?? null;
    if (rds === null || name === null || names.has(name)) continue;
    const close = nearest(name, names);
    const hint = close === null ? `there are ${[...names].join(", ")}` : `did you mean ${close}?`;
    report(
      "unknown-route-config",
      rds.at("route_config_name"),
      `no route configuration is named ${name}`,
      hint,
    );
  }
};
