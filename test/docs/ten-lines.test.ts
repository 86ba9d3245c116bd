import { readFile } from "node:fs/promises";
import path from "node:path";
import { create, fromJson, toJson, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { envoyApi, TcpUpstream, Upstream, type PluginOptions, type RequestInput } from "proxy-wasm-harness";
import { startScenario, type Scenario } from "proxy-wasm-harness/scenario";
import { BootstrapSchema } from "proxy-wasm-harness/api/envoy/config/bootstrap/v3/bootstrap";
import { expect } from "vitest";
import { parse } from "yaml";
// as the package has them: a builder knows the test's servers by their classes
import { TcpUpstreamServer } from "../../harness/dist/envoy/tcp-upstream-server.js";
import { clusterMessage } from "../../harness/dist/scenario/cluster.js";
import { listenerMessage } from "../../harness/dist/scenario/listener.js";
import { bareSurroundings } from "../../harness/dist/scenario/surroundings.js";
import { pluginOf } from "../../harness/dist/load-plugins.js";
import { TcpClient } from "../../harness/src/envoy/tcp-client.ts";
import { outgoingRequest } from "../../harness/src/message.ts";
import { test } from "../harness/protocol-envoy.ts";
import { canary, type Services } from "./ten-lines.ts";

const root = path.resolve(import.meta.dirname, "../..");
const file = await readFile(path.join(root, "envoy-configs/canary.yaml"), "utf8");
const registry = envoyApi("1.40");

interface Bootstrap extends JsonObject {
  readonly static_resources: { readonly listeners: JsonObject[]; readonly clusters: JsonObject[] };
}

const bootstrap = parse(file) as Bootstrap;

/** Servers that answer every other request for `/again` with 503. */
function services(): Services {
  let tries = 0;
  const service = (): Upstream => {
    const upstream = new Upstream();
    upstream.respond(({ path }) =>
      path === "/again" && tries++ % 2 === 0 ? { status: 503 } : { body: "service" },
    );
    return upstream;
  };
  const echo = new TcpUpstream();
  echo.serve({ data: (connection, bytes) => connection.send(bytes) });
  return { stable: service(), canary: service(), echo };
}

const admin = { "x-role": "admin" };
const requests: [listener: string, request: RequestInput][] = [
  ["http", { path: "/health", headers: admin }],
  ["http", { path: "/", headers: { "x-role": "user" } }],
  ["http", { path: "/", headers: admin }],
  ["http", { path: "/again", headers: admin }],
  ["internal", { path: "/" }],
];

test("the ten lines and the file of over 200 do the same", async ({ client, envoy }) => {
  const { stable, canary: other, echo } = services();
  await using mesh = await startScenario(canary({ stable, canary: other, echo }), { relativeTo: root });
  await using echoServer = await TcpUpstreamServer.start(echo);
  const ports = {
    stable: mesh.server(stable).port,
    canary: mesh.server(other).port,
    echo: echoServer.port,
  };
  const { listeners, clusters } = placed(bootstrap, ports).static_resources;
  const portOf = await envoy(listeners, clusters);

  for (const [listener, request] of requests) {
    const [ours, theirs] = [
      await mesh.request(listener, request),
      await client("h1", { port: await portOf(listener) }).send(outgoingRequest(request)),
    ];
    expect([ours.status, ours.text()]).toEqual([theirs.status, theirs.text()]);
  }
  using tcp = await TcpClient.connect({ host: "127.0.0.1", port: await portOf("tcp") }, (work) => work);
  const connection = await mesh.connect("tcp");
  for (const end of [tcp, connection]) await end.send(Buffer.from("hello"));
  while (tcp.inbox.bytes.length < 5) await tcp.inbox.changed();
  expect(Buffer.from(await connection.receive(5)).toString()).toBe(Buffer.from(tcp.inbox.bytes).toString());
});

test("every field of the file of over 200 lines is what the ten lines make", async () => {
  const made = await messagesOf(canary(services()));
  const written = toJson(BootstrapSchema, fromJson(BootstrapSchema, bootstrap, { registry }), { registry });

  expect(file.trimEnd().split("\n").length).toBeGreaterThan(200);
  expect(compared(made["staticResources"])).toEqual(compared((written as JsonObject)["staticResources"]));
});

/** What makes tests deterministic and keeps them apart, where files and servers are, and defaults that are said aloud. */
const left: ReadonlySet<string> = new Set([
  ...["connectionBalanceConfig", "enableReusePort", "altStatName"],
  ...["filename", "portValue"],
  ...["flags", "key"], // of the access log, which the harness reads
  ...["allowOnHeadersStopIteration", "metadata"],
]);

/** A configuration without these fields; a plugin's own as JSON, and none in the place of an empty one. */
function compared(value: JsonValue | undefined): unknown {
  if (Array.isArray(value)) return value.map(compared);
  if (typeof value !== "object" || value === null) return value;
  if (value["@type"] === "type.googleapis.com/google.protobuf.StringValue")
    return value["value"] === "" ? undefined : JSON.parse(String(value["value"]));
  const fields = Object.entries(value).filter(([name]) => !left.has(name));
  return Object.fromEntries(fields.map(([name, field]) => [name, compared(field)]));
}

async function messagesOf({ listeners, clusters = [] }: Scenario): Promise<JsonObject> {
  const [filter] = listeners.flatMap(({ httpFilters = [] }) => httpFilters) as [PluginOptions];
  const plugin = await pluginOf(filter, { relativeTo: root });
  const bare = bareSurroundings("");
  const around = { ...bare, plugin: () => plugin, address: () => bare.address("127.0.0.1:0") };
  const staticResources = {
    listeners: listeners.map((one) => listenerMessage(one, around)),
    clusters: clusters.map((one) => clusterMessage(one, around)),
  };
  const bootstrap = create(BootstrapSchema, { staticResources });
  return toJson(BootstrapSchema, bootstrap, { registry }) as JsonObject;
}

/** The same with free ports, the module of this workspace, and servers of the test in the place of its own. */
function placed(bootstrap: Bootstrap, ports: Readonly<Record<string, number>>): Bootstrap {
  const { listeners, clusters } = bootstrap.static_resources;
  const module = path.join(root, "build/header-authz.wasm");
  const at = (one: JsonObject, port: number): JsonObject =>
    JSON.parse(
      JSON.stringify(one)
        .replaceAll(/"port_value":\d+/g, `"port_value":${port}`)
        .replace("build/header-authz.wasm", module),
    ) as JsonObject;
  return {
    static_resources: {
      listeners: listeners.map((one) => at(one, 0)),
      clusters: clusters.map((one) => at(one, ports[String(one["name"])] ?? 0)),
    },
  };
}
