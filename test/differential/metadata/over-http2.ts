import {
  GrpcUpstream,
  HeaderList,
  Upstream,
  type PluginOptions,
  type RequestInput,
} from "proxy-wasm-harness";
import { HttpConnectionManager_CodecType } from "proxy-wasm-harness/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager";
import {
  cluster,
  listener,
  route,
  startScenario,
  virtualHost,
  type StartedScenario,
} from "proxy-wasm-harness/scenario";
import { createClient } from "../../../harness/src/clients/request-clients.ts";
import { outgoingRequest, type ReceivedResponse as Received } from "../../../harness/src/message.ts";
import { called, readable, refused, shown } from "../../harness/parity.ts";
import type { StreamScenario, Where } from "../play.ts";
import type { MetadataPairs } from "./frames.ts";
import { MetadataRelay } from "./relay.ts";

/** What a scenario comes to where a real Envoy is spoken to, and speaks, by HTTP/2: as `everythingSeen` tells it. */
export async function overHttp2(
  { envoy = {} }: Where,
  { request, response = {}, service: answer, greeter: greeting }: StreamScenario,
  chain: readonly PluginOptions[],
) {
  const { metadata: given, ...sent } = request;
  const { metadata: answered, ...received } = "fault" in response ? { ...response, metadata: [] } : response;
  const [upstream, service, greeter] = [new Upstream(), new Upstream(), new GrpcUpstream()];
  upstream.respond(received);
  if (answer !== undefined) service.respond(answer);
  greeting?.(greeter);
  await using behind = await MetadataRelay.start({
    to: () => mesh.server(upstream).port,
    side: "server",
    metadata: pairsOf(answered),
  });
  await using mesh: StartedScenario = await startScenario(
    {
      listeners: [proxyListener(chain)],
      clusters: [
        cluster("upstream", `127.0.0.1:${behind.port}`, { protocol: "h2", http: withMetadata }),
        ...[cluster("behind", upstream), cluster("service", service), cluster("greeter", greeter)],
      ],
    },
    { envoy, allowTraps: true },
  );
  const port = await mesh.port("proxy");
  await using before = await MetadataRelay.start({
    to: () => port,
    side: "client",
    metadata: pairsOf(given),
  });
  const got = await exchanged(before.port, sent);
  await mesh.settled();
  return {
    logs: mesh.logs.map(({ level, message }) => `${level} ${message.replace(...asHttp1)}`),
    received: got,
    upstream: upstream.requests.map(readable),
    service: service.requests.map(readable),
    greeter: greeter.calls.map(called),
    accessLog: mesh.accessLog.map(({ method, path, status, details }) => ({
      method,
      path,
      status,
      details,
    })),
    counters: [],
    sizes: mesh.stats.histogram("metrics.sizes_bytes"),
  };
}

/** `HTTP/2` in the hexadecimal digits of the players. */
const asHttp1 = [/ 485454502f32\b/g, ` ${Buffer.from("HTTP/1.1").toString("hex")}`] as const;

async function exchanged(port: number, request: RequestInput): Promise<object> {
  using client = createClient("h2", { port });
  return await client.send(outgoingRequest(request)).then((response) => shown(asHttp1Has(response)), refused);
}

/** Over HTTP/1.1 a response that could have content, and has none, says so. */
function asHttp1Has(response: Received): Received {
  const { status, headers, text } = response;
  const says = status === 204 || status === 304 || headers.has("content-length") || text() !== "";
  if (!says) headers.add("content-length", "0");
  return response;
}

function pairsOf(metadata: RequestInput["metadata"]): MetadataPairs {
  return [...HeaderList.from(metadata)].map(([name, value]) => [name, Buffer.from(value).toString("latin1")]);
}

const http2ProtocolOptions = { allowMetadata: true };
const withMetadata = {
  upstreamProtocolOptions: {
    case: "explicitHttpConfig",
    value: { protocolConfig: { case: "http2ProtocolOptions", value: http2ProtocolOptions } },
  },
} as const;

/** As `startProxy` has it, but for its protocol. */
function proxyListener(chain: readonly PluginOptions[]) {
  return listener("proxy", {
    httpFilters: chain,
    virtualHosts: [virtualHost("proxy", ["*"], { routes: [route("/", "upstream")] })],
    httpConnectionManager: { codecType: HttpConnectionManager_CodecType.HTTP2, http2ProtocolOptions },
  });
}
