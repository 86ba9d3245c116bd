import type { MessageInitShape } from "@bufbuild/protobuf";
import { any, resource, type ClientParts, type Resource } from "proxy-wasm-harness";
import { ListenerSchema } from "proxy-wasm-harness/api/envoy/config/listener/v3/listener";
import {
  RouteConfigurationSchema,
  type RouteConfiguration,
} from "proxy-wasm-harness/api/envoy/config/route/v3/route";
import { RouterSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/router/v3/router";
import { HttpConnectionManagerSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager";

type Manager = MessageInitShape<typeof HttpConnectionManagerSchema>;
type Filter = NonNullable<Manager["httpFilters"]>[number];
type RouteInit = Exclude<MessageInitShape<typeof RouteConfigurationSchema>, RouteConfiguration>;

export const loopback = {
  address: {
    case: "socketAddress",
    value: { address: "127.0.0.1", portSpecifier: { case: "portValue", value: 0 } },
  },
} as const;

/** Routes that answer by themselves with a body. */
export function answering(name: string, body: string): RouteInit {
  const inline = { specifier: { case: "inlineString", value: body } } as const;
  return {
    name,
    virtualHosts: [
      {
        name: "all",
        domains: ["*"],
        routes: [
          {
            match: { pathSpecifier: { case: "prefix", value: "/" } },
            action: { case: "directResponse", value: { status: 200, body: inline } },
          },
        ],
      },
    ],
  };
}

/** An HTTP listener on a free port of loopback. */
export function listener(
  name: string,
  routes: Manager["routeSpecifier"],
  filters: readonly Filter[] = [],
): Resource {
  const router: Filter = { name: "router", configType: { case: "typedConfig", value: any(RouterSchema) } };
  const manager = any(HttpConnectionManagerSchema, {
    statPrefix: name,
    ...(routes !== undefined && { routeSpecifier: routes }),
    httpFilters: [...filters, router],
  });
  return resource(ListenerSchema, {
    name,
    address: loopback,
    filterChains: [{ filters: [{ name: "http", configType: { case: "typedConfig", value: manager } }] }],
  });
}

/** A listener that answers with a body. */
export function answeringListener(name: string, body: string, filters: readonly Filter[] = []): Resource {
  return listener(name, { case: "routeConfig", value: answering(name, body) }, filters);
}

/** An HTTP filter that comes over ECDS. */
export function discovered(name: string, typeUrl: string, source: ClientParts["source"]): Filter {
  return {
    name,
    configType: { case: "configDiscovery", value: { configSource: source, typeUrls: [typeUrl] } },
  };
}
