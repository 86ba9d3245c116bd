import type { Observing, Plugin } from "../backend.ts";
import type { EnvoyLease } from "../envoy/envoy-lease.ts";
import { observersFor } from "../envoy/observing-resources.ts";
import type { Address as ListenerAddress } from "../envoy/supervised-envoy.ts";
import { pluginOf } from "../load-plugins.ts";
import type { PluginOptions } from "../plugin-options.ts";
import { SecretSchema } from "../../api/envoy/extensions/transport_sockets/tls/v3/secret_pb.js";
import { resource, type Resource } from "../xds/resource.ts";
import { cds, lds, rds } from "../xds/resource-types.ts";
import type { ResourceKey } from "../xds/snapshot.ts";
import { loopback, parseAddress, socketAddress, type Address } from "./address.ts";
import type { Server } from "./endpoint.ts";
import { clusterResource, listenerResources } from "./resources.ts";
import { changed, leadsToListener, pluginsOf, type Scenario, type ScenarioChange } from "./scenario.ts";
import { Servers } from "./servers.ts";
import { bareSurroundings, type Surroundings } from "./surroundings.ts";
import { certificateSecret } from "./tls.ts";

interface ConfigurationOptions {
  /** The folder that `.wasm` paths are relative to. */
  readonly relativeTo: string;
  /** Where servers listen, so that Envoy reaches them. */
  readonly serverHost: string;
  readonly observing: Observing;
}

/** What a scenario says now, with what was started and loaded for it. */
export class ScenarioConfiguration {
  readonly servers: Servers;
  private now: Scenario = { listeners: [] };
  private readonly relativeTo: string;
  private readonly observing: Observing;
  private readonly loaded = new Map<PluginOptions, Plugin>();
  private readonly listening = new Map<string, ListenerAddress>();

  constructor({ relativeTo, serverHost, observing }: ConfigurationOptions) {
    this.relativeTo = relativeTo;
    this.observing = observing;
    this.servers = new Servers(serverHost);
  }

  /** As it was taken by Envoy last. */
  get scenario(): Scenario {
    return this.now;
  }

  /** Starts the servers of a change, and loads its plugins. Refused as `startProxy` is. */
  async load(change: ScenarioChange): Promise<readonly Plugin[]> {
    await this.servers.start(change.clusters ?? []);
    const plugins: Plugin[] = [];
    for (const options of pluginsOf(change)) {
      const plugin = this.loaded.get(options) ?? (await pluginOf(options, { relativeTo: this.relativeTo }));
      this.loaded.set(options, plugin);
      plugins.push(plugin);
    }
    return plugins;
  }

  /** Gives Envoy what was loaded. Refused as `EnvoyLease.update` is; everything is as it was then. */
  async serve(lease: EnvoyLease, change: ScenarioChange, plugins: readonly Plugin[]): Promise<void> {
    const around = this.surroundings(lease);
    const refused = { plugins, port: change.listeners?.find(({ port }) => port)?.port ?? 0 };
    const next = changed(this.now, change);
    await lease.update({ set: resourcesOf(change, around), remove: keysOf(change, around) }, refused);
    this.now = next;
    for (const { name } of change.listeners ?? []) this.listening.set(name, await lease.ownAddress(name));
    const late = (change.clusters ?? []).filter(leadsToListener);
    if (late.length > 0)
      await lease.update({ set: late.map((cluster) => clusterResource(cluster, around)) }, refused);
  }

  private surroundings(lease: EnvoyLease): Surroundings {
    const bare = bareSurroundings("");
    const isolated = new Map(
      [...this.loaded].map(([options, plugin]) => [options, lease.isolation.plugin(plugin)] as const),
    );
    return {
      mark: lease.isolation.mark,
      routesComeAlone: true,
      observers: observersFor(this.observing, lease.isolation),
      plugin: (options) => isolated.get(options) ?? bare.plugin(options),
      address: (server) => this.addressOf(server),
    };
  }

  private addressOf(server: Server): Address | null {
    if (typeof server === "string") return parseAddress(server);
    if ("listener" in server) return this.addressOfListener(server.listener);
    const port = this.servers.portOf(server);
    return port === null ? null : loopback(port);
  }

  private addressOfListener(name: string): Address | null {
    const { host, port } = this.listening.get(name) ?? {};
    return host === undefined || port === undefined ? null : socketAddress(host, port);
  }
}

function resourcesOf(
  { listeners = [], clusters = [], secrets = {}, resources = [] }: ScenarioChange,
  around: Surroundings,
): Resource[] {
  return [
    ...Object.entries(secrets).map(([name, identity]) =>
      resource(SecretSchema, certificateSecret(name, identity)),
    ),
    ...clusters.map((parts) => clusterResource(parts, around)),
    ...listeners.flatMap((parts) => listenerResources(parts, around)),
    ...resources,
  ];
}

function keysOf({ remove = {} }: ScenarioChange, { mark }: Surroundings): ResourceKey[] {
  return [
    ...(remove.listeners ?? []).flatMap((name) => [
      { typeUrl: lds, name: `${name}${mark}` },
      { typeUrl: rds, name },
    ]),
    ...(remove.clusters ?? []).map((name) => ({ typeUrl: cds, name })),
  ];
}
