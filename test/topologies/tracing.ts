import { cluster, type Cluster, type HttpChain } from "proxy-wasm-harness/scenario";
import { any, Upstream, type HeaderList } from "proxy-wasm-harness";
import { OpenTelemetryConfigSchema } from "proxy-wasm-harness/api/envoy/config/trace/v3/opentelemetry";
import {
  ZipkinConfig_CollectorEndpointVersion,
  ZipkinConfigSchema,
} from "proxy-wasm-harness/api/envoy/config/trace/v3/zipkin";

/** What of a request says to which trace it belongs. */
export interface TraceContext {
  readonly trace: string;
  readonly span: string;
}

/** A way to hand traces on, by Envoy's own tracers. */
export interface Tracing {
  readonly name: string;
  /** What a client sends. */
  readonly sent: Readonly<Record<string, string>>;
  /** What each hop is told, and where spans go. */
  readonly hop: Pick<HttpChain, "httpConnectionManager">;
  readonly collector: () => Cluster;
  read(header: (name: string) => string): TraceContext;
}

const trace = "0af7651916cd43dd8448eb211c80319c";
const span = "b7ad6b7169203331";

/** W3C trace context. */
export const traceparent: Tracing = {
  name: "traceparent",
  sent: { traceparent: `00-${trace}-${span}-01` },
  hop: tracedBy(
    "envoy.tracers.opentelemetry",
    any(OpenTelemetryConfigSchema, {
      grpcService: { targetSpecifier: { case: "envoyGrpc", value: { clusterName: "collector" } } },
      serviceName: "mesh",
    }),
  ),
  collector: () => cluster("collector", new Upstream(), { protocol: "h2" }),
  read: (header) => {
    const [, trace = "", span = ""] = header("traceparent").split("-");
    return { trace, span };
  },
};

/** Zipkin's B3, in several headers. */
export const b3: Tracing = {
  name: "B3",
  sent: { "x-b3-traceid": trace, "x-b3-spanid": span, "x-b3-sampled": "1" },
  hop: tracedBy(
    "envoy.tracers.zipkin",
    any(ZipkinConfigSchema, {
      collectorCluster: "collector",
      collectorEndpoint: "/api/v2/spans",
      collectorEndpointVersion: ZipkinConfig_CollectorEndpointVersion.HTTP_JSON,
      traceId128bit: true,
      sharedSpanContext: false,
    }),
  ),
  collector: () => cluster("collector", new Upstream()),
  read: (header) => ({ trace: header("x-b3-traceid"), span: header("x-b3-spanid") }),
};

/** What a client of the test has sent. */
export const client: TraceContext = { trace, span };

/** As an upstream has received it. */
export function received({ read }: Tracing, headers: HeaderList | undefined): TraceContext {
  return read((name) => headers?.get(name) ?? "");
}

/** As a filter that logs every header has seen it, hop by hop. */
export function logged({ read }: Tracing, lines: readonly string[], hops: number): TraceContext[] {
  const values = (name: string): string[] =>
    lines.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
  return Array.from({ length: hops }, (_, hop) => read((name) => values(name)[hop] ?? ""));
}

function tracedBy(name: string, typedConfig: ReturnType<typeof any>): Tracing["hop"] {
  const provider = { name, configType: { case: "typedConfig", value: typedConfig } } as const;
  return { httpConnectionManager: { tracing: { provider } } };
}
