import { readFileSync } from "node:fs";
import type { MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { any, resource, type ClientParts, type Resource } from "proxy-wasm-harness";
import { Cluster_DiscoveryType, ClusterSchema } from "proxy-wasm-harness/api/envoy/config/cluster/v3/cluster";
import { TypedExtensionConfigSchema } from "proxy-wasm-harness/api/envoy/config/core/v3/extension";
import { ClusterLoadAssignmentSchema } from "proxy-wasm-harness/api/envoy/config/endpoint/v3/endpoint";
import { ListenerSchema } from "proxy-wasm-harness/api/envoy/config/listener/v3/listener";
import { RouteConfigurationSchema } from "proxy-wasm-harness/api/envoy/config/route/v3/route";
import { CredentialInjectorSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/credential_injector/v3/credential_injector";
import { HeaderMutationSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/header_mutation/v3/header_mutation";
import { RouterSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/router/v3/router";
import { WasmSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/wasm/v3/wasm";
import { HttpConnectionManagerSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager";
import { GenericSchema } from "proxy-wasm-harness/api/envoy/extensions/http/injected_credentials/generic/v3/generic";
import { SecretSchema } from "proxy-wasm-harness/api/envoy/extensions/transport_sockets/tls/v3/secret";
import { RuntimeSchema } from "proxy-wasm-harness/api/envoy/service/runtime/v3/rtds";
import { guest } from "../guests/guest.ts";

type Init<Schema extends Parameters<typeof any>[0]> = Exclude<MessageInitShape<Schema>, MessageShape<Schema>>;
type Manager = Init<typeof HttpConnectionManagerSchema>;
type Filter = Exclude<Manager["httpFilters"], undefined>[number];
type RouteAction = NonNullable<
  NonNullable<
    NonNullable<Init<typeof RouteConfigurationSchema>["virtualHosts"]>[number]["routes"]
  >[number]["action"]
>;
type Source = ClientParts["source"];

/** An address of loopback. */
export function loopback(portValue: number) {
  const value = { address: "127.0.0.1", portSpecifier: { case: "portValue", value: portValue } } as const;
  return { address: { case: "socketAddress", value } } as const;
}

/** Routes that do one thing with every request. */
function routing(name: string, action: RouteAction): Init<typeof RouteConfigurationSchema> {
  const route = { match: { pathSpecifier: { case: "prefix", value: "/" } }, action } as const;
  return { name, virtualHosts: [{ name: "all", domains: ["*"], routes: [route] }] };
}

function answering(name: string, body: string): Init<typeof RouteConfigurationSchema> {
  const inline = { specifier: { case: "inlineString", value: body } } as const;
  return routing(name, { case: "directResponse", value: { status: 200, body: inline } });
}

/** A route configuration that answers with a body. */
export function answers(name: string, body: string): Resource {
  return resource(RouteConfigurationSchema, answering(name, body));
}

/** A route configuration that sends everything to a cluster. */
export function routesTo(name: string, cluster: string): Resource {
  const specifier = { case: "cluster", value: cluster } as const;
  return resource(
    RouteConfigurationSchema,
    routing(name, { case: "route", value: { clusterSpecifier: specifier } }),
  );
}

function listener(name: string, routes: Manager["routeSpecifier"], filters: readonly Filter[]): Resource {
  const router: Filter = { name: "router", configType: { case: "typedConfig", value: any(RouterSchema) } };
  const manager = any(HttpConnectionManagerSchema, {
    statPrefix: name,
    ...(routes !== undefined && { routeSpecifier: routes }),
    httpFilters: [...filters, router],
  });
  return resource(ListenerSchema, {
    name,
    address: loopback(0),
    filterChains: [{ filters: [{ name: "http", configType: { case: "typedConfig", value: manager } }] }],
  });
}

/** A listener that answers with a body. */
export function answeringListener(name: string, body: string, filters: readonly Filter[] = []): Resource {
  return listener(name, { case: "routeConfig", value: answering(name, body) }, filters);
}

/** A listener that sends everything to a cluster, which it needs. */
export function routingListener(name: string, cluster: string): Resource {
  const specifier = { case: "cluster", value: cluster } as const;
  const value = routing(name, { case: "route", value: { clusterSpecifier: specifier } });
  return listener(name, { case: "routeConfig", value: { ...value, validateClusters: true } }, []);
}

/** A listener whose routes come over RDS. */
export function discoveringListener(
  name: string,
  rds: { readonly routes: string; readonly source: Source },
  filters: readonly Filter[] = [],
): Resource {
  const value = { routeConfigName: rds.routes, configSource: rds.source };
  return listener(name, { case: "rds", value }, filters);
}

/** An HTTP filter that comes over ECDS. */
export function discovered(name: string, typeUrl: string, configSource: Source): Filter {
  return { name, configType: { case: "configDiscovery", value: { configSource, typeUrls: [typeUrl] } } };
}

/** An HTTP filter that gives the requests a secret, which comes over SDS, as `authorization`. */
export function injector(secret: string, sdsConfig: Source): Filter {
  const generic = any(GenericSchema, { credential: { name: secret, sdsConfig } });
  const credential = { name: "envoy.http.injected_credentials.generic", typedConfig: generic };
  const typedConfig = any(CredentialInjectorSchema, { credential });
  return { name: "injector", configType: { case: "typedConfig", value: typedConfig } };
}

export function secret(name: string, value: string): Resource {
  const specifier = { case: "inlineString", value } as const;
  return resource(SecretSchema, { name, type: { case: "genericSecret", value: { secret: { specifier } } } });
}

/** For `discovered`: a filter that gives responses a header. */
export function headerMutation(
  name: string,
  header: { readonly key: string; readonly value: string },
): Resource {
  const append = { action: { case: "append", value: { header } } } as const;
  const typedConfig = any(HeaderMutationSchema, { mutations: { responseMutations: [append] } });
  return resource(TypedExtensionConfigSchema, { name, typedConfig });
}

/** An HTTP filter in Wasm, with the module inside. */
export function wasm(name: string, module: string): Filter {
  const specifier = { case: "inlineBytes", value: readFileSync(guest(module)) } as const;
  const code = { specifier: { case: "local", value: { specifier } } } as const;
  const vmConfig = { vmId: name, runtime: "envoy.wasm.runtime.v8", code };
  const typedConfig = any(WasmSchema, {
    config: { name, rootId: "root", vm: { case: "vmConfig", value: vmConfig } },
  });
  return { name, configType: { case: "typedConfig", value: typedConfig } };
}

/** A cluster whose endpoints come over EDS. */
export function cluster(name: string, edsConfig: Source, timeoutSeconds = 5): Resource {
  return resource(ClusterSchema, {
    name,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.EDS },
    edsClusterConfig: { edsConfig },
    connectTimeout: { seconds: BigInt(timeoutSeconds) },
  });
}

/** The one endpoint of a cluster. */
export function endpoint(clusterName: string, port: number): Resource {
  const value = { address: loopback(port) };
  const lbEndpoint = { hostIdentifier: { case: "endpoint", value } } as const;
  return resource(ClusterLoadAssignmentSchema, { clusterName, endpoints: [{ lbEndpoints: [lbEndpoint] }] });
}

/** The layer that the Envoys of these tests have. */
export function runtime(value: string): Resource {
  return resource(RuntimeSchema, { name: "runtime", layer: { key: value } });
}
