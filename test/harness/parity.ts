import {
  type EnvoyPool,
  GrpcUpstream,
  HarnessError,
  startProxy,
  type StartedProxy,
  Upstream,
  type GrpcReceivedCall,
  type PluginOptions,
  type ProxyOptions,
  type ReceivedRequest,
  type ReceivedResponse,
  type RequestInput,
  type ResponseInput,
  type UpstreamFault,
  type VirtualHostOptions,
} from "proxy-wasm-harness";
import { expect } from "vitest";
import { crossing } from "./crossing.ts";

/** One request through one filter, and what the upstream answers. */
export interface Exchange extends Pick<PluginOptions, "name" | "configuration" | "vmConfiguration"> {
  readonly filter: string;
  /** Default "", in the place of which an Envoy of the pool has another one. */
  readonly vmId?: string;
  readonly request: RequestInput;
  readonly response?: ResponseInput | UpstreamFault | undefined;
  /** What the cluster `service` answers to callouts. */
  readonly service?: ResponseInput | UpstreamFault;
  /** Sets what the gRPC service `greeter` answers. */
  readonly greeter?: (service: GrpcUpstream) => void;
  readonly virtualHost?: VirtualHostOptions;
  /** The filters behind it. */
  readonly behind?: readonly PluginOptions[];
  readonly accessLoggers?: readonly PluginOptions[];
  /** As `ProxyOptions` has it. */
  readonly allowTraps?: boolean;
  /** What is done to the proxy before the request is sent. */
  readonly prepare?: ((proxy: StartedProxy) => void) | undefined;
  /** What is done to it when the stream is over. */
  readonly finish?: ((proxy: StartedProxy) => Promise<void>) | undefined;
}

/** Holds everything that the embedded backend shows of an exchange against a real Envoy. */
export async function expectParity(envoys: EnvoyPool, exchange: Exchange): Promise<void> {
  const [embedded, real] = [
    { backend: "embedded" as const },
    { backend: "envoy" as const, envoy: { pool: envoys } },
  ];
  expect(await everythingSeen(embedded, exchange)).toEqual(await everythingSeen(real, exchange));
}

/** Status, bytes, what the upstream got, the access log, the filter's counters and logs, and its calls in order. */
export async function everythingSeen(where: Pick<ProxyOptions, "backend" | "envoy">, exchange: Exchange) {
  const { filter, name, configuration, vmConfiguration, vmId = "", behind = [] } = exchange;
  const { request, response, service: answer } = exchange;
  const { virtualHost = {}, accessLoggers = [], allowTraps = false } = exchange;
  const first = { filter, configuration, vmConfiguration, vmId, ...(name === undefined ? {} : { name }) };
  const [upstream, service, greeter] = [new Upstream(), new Upstream(), new GrpcUpstream()];
  exchange.greeter?.(greeter);
  if (response !== undefined) upstream.respond(response);
  if (answer !== undefined) service.respond(answer);
  await using proxy = await startProxy({
    ...where,
    upstream,
    clusters: { service },
    grpcClusters: { greeter },
    virtualHost,
    chain: [first, ...behind],
    accessLoggers,
    allowTraps,
  });
  exchange.prepare?.(proxy);
  const received = await proxy.request(request).then(shown, refused);
  await proxy.settled();
  if (exchange.finish !== undefined) await exchange.finish(proxy).then(() => proxy.settled());
  return {
    received,
    upstream: upstream.requests.map(readable),
    service: service.requests.map(readable),
    greeter: greeter.calls.map(called),
    accessLog: proxy.accessLog,
    counters: Object.entries(proxy.stats.changed()).filter(([name]) =>
      /^(header_authz|echo_headers|metrics)\./.test(name),
    ),
    sizes: proxy.stats.histogram("metrics.sizes_bytes"),
    logs: proxy.logs.map(({ level, message }) => `${level} ${withoutVarying(message)}`),
    transcript: withoutEarlyTicks(proxy.transcript.map(crossing)),
  };
}

type Fields = Iterable<readonly [name: string, value: Uint8Array]>;

/** What is shown of a response, of this harness or of its sources. */
interface Shown extends Pick<ReceivedResponse, "status" | "text"> {
  readonly headers: Fields;
  readonly trailers: Fields;
}

/** A response, but for what is another in each run. */
export function shown({ status, headers, trailers, ...response }: Shown): object {
  return { status, headers: fields(headers), body: response.text(), trailers: fields(trailers) };
}

/** A stream that was reset has no response, nor has one that is held for ever; each backend says so in its own words. */
export function refused(error: unknown): object {
  const { code } = HarnessError.from(error);
  if (code === "stream_stuck" || code === "timeout") return { code: "held" };
  if (code !== "internal") throw error;
  return { code };
}

/** A request as an upstream got it. */
export function readable({ headers, trailers, ...rest }: ReceivedRequest): object {
  return { ...rest, headers: fields(headers), trailers: fields(trailers) };
}

/** Envoy may tick a fraction of a millisecond early: the filter looks at the time, and sets the rest. */
function withoutEarlyTicks(transcript: readonly string[]): string[] {
  const tick = ["callback proxy_on_tick(", "host_call clock_time_get("] as const;
  const early = [...tick, "host_call proxy_set_tick_period_milliseconds(", tick[0]];
  const isEarly = (index: number): boolean =>
    early.every((line, i) => transcript[index + i]?.startsWith(line));
  const skipped = new Set(transcript.flatMap((_, i) => (isEarly(i) ? [i, i + 1, i + 2] : [])));
  return transcript.filter((_, i) => !skipped.has(i));
}

/** A call as a service of gRPC got it. */
export function called({
  method,
  authority,
  metadata,
  received,
  isHalfClosed,
  isCancelled,
}: GrpcReceivedCall) {
  return { method, authority, metadata: fields(metadata), received, isHalfClosed, isCancelled };
}

/** Headers in their order; values as text of one character a byte, so that nothing is lost. */
function fields(headers: Fields): string[] {
  return [...headers].map(([name, value]) =>
    withoutVarying(`${name}: ${Buffer.from(value).toString("latin1")}`),
  );
}

/** What differs from run to run by its nature, and not between the backends, loses its value. */
function withoutVarying(line: string): string {
  return line
    .replace(/\b(date)([:=] ?)\w{3}, .*? GMT/, "$1$2…")
    .replace(/\b(x-envoy-upstream-service-time)([:=] ?)\d+/, "$1$2…")
    .replace(/\b(x-request-id)([:=] ?)[0-9a-f-]{36}/, "$1$2…");
}
