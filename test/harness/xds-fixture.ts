import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { create, toJson, type MessageInitShape } from "@bufbuild/protobuf";
import {
  adsBootstrap,
  ControlPlane,
  envoyApi,
  type ClientOptions,
  type ControlPlaneOptions,
  type Resource,
} from "proxy-wasm-harness";
import { BootstrapSchema } from "proxy-wasm-harness/api/envoy/config/bootstrap/v3/bootstrap";
import { Admin } from "../../harness/src/envoy/admin.ts";
import { Disposals } from "../../harness/src/envoy/disposals.ts";
import { EnvoyProcess } from "../../harness/src/envoy/envoy-process.ts";
import { flags } from "../../harness/src/envoy/flags.ts";
import { test as base } from "./envoy-fixture.ts";
import { loopback } from "./xds-resources.ts";

const rtds = "type.googleapis.com/envoy.service.runtime.v3.Runtime";

export type Mode = Required<Pick<ClientOptions, "mode" | "transport">>;

/** Each way in which Envoy can be connected. */
export const modes: readonly Mode[] = [
  { mode: "delta", transport: "ads" },
  { mode: "sotw", transport: "ads" },
  { mode: "delta", transport: "single" },
  { mode: "sotw", transport: "single" },
];

/** A real Envoy with nothing but a control plane. */
export class XdsEnvoy implements AsyncDisposable {
  readonly process: EnvoyProcess;
  readonly admin: Admin;

  constructor(process: EnvoyProcess, admin: Admin) {
    this.process = process;
    this.admin = admin;
  }

  /** The answer of a listener to `GET /`. */
  async get(listener: string): Promise<{ status: number; headers: http.IncomingHttpHeaders; body: string }> {
    const port = await this.admin.listenerPort(listener);
    const [response] = (await once(http.get({ host: "127.0.0.1", port, agent: false }), "response")) as [
      http.IncomingMessage,
    ];
    return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.admin[Symbol.dispose]();
    await this.process[Symbol.asyncDispose]();
  }
}

/** A server that answers with its name. */
export interface Service {
  readonly port: number;
  /** Of the requests. */
  readonly authorizations: readonly (string | undefined)[];
}

async function startService(name: string): Promise<Service & Disposable> {
  const authorizations: (string | undefined)[] = [];
  const server = http.createServer(({ headers: { authorization } }, response) => {
    authorizations.push(authorization);
    response.end(name);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { port, authorizations, [Symbol.dispose]: stop };
}

interface XdsFixtures {
  /** Ends with the test. */
  service: (name: string) => Promise<Service>;
  /** Ends with the test. */
  controlPlane: (options?: ControlPlaneOptions) => Promise<ControlPlane>;
  /** An Envoy of a control plane, which ends with the test. */
  client: (controlPlane: ControlPlane, mode?: Partial<Mode>) => Promise<XdsEnvoy>;
  disposals: Disposals;
}

export const test = base.extend<XdsFixtures>({
  disposals: async ({}, use) => {
    await using disposals = new Disposals();
    await use(disposals);
  },
  service: async ({ disposals }, use) => use(async (name) => disposals.add(await startService(name))),
  controlPlane: async ({ disposals }, use) =>
    use(async (options) => disposals.add(await ControlPlane.start(options))),
  client: async ({ disposals, envoy }, use) =>
    use(async ({ port, resources }, mode = {}) => {
      const process = disposals.add(
        new EnvoyProcess({
          binary: envoy.path,
          flags: flags({ binary: envoy, logLevel: "info", concurrency: 1 }),
          configuration: JSON.stringify(
            configuration(
              { port, ...mode },
              [...resources].filter(({ typeUrl }) => typeUrl === rtds),
            ),
          ),
          plugins: [],
        }),
      );
      const what = (): string => "Envoy does not serve";
      await process.within(process.log.ready.reached(1), { ms: 20_000, what });
      const admin = disposals.add(new Admin(await readFile(process.adminAddressFile, "utf8"), process.log));
      return new XdsEnvoy(process, admin);
    }),
});

/** Envoy starts only when the runtime layers that it names are there. */
function configuration(options: ClientOptions, layers: readonly Resource[]): object {
  const { dynamicResources, cluster, source } = adsBootstrap(options);
  const bootstrap: MessageInitShape<typeof BootstrapSchema> = {
    node: { id: "test-envoy", cluster: "test" },
    admin: { address: loopback(0) },
    staticResources: { clusters: [cluster] },
    layeredRuntime: {
      layers: layers.map(({ name }) => ({
        name,
        layerSpecifier: { case: "rtdsLayer", value: { name, rtdsConfig: source } },
      })),
    },
    ...(dynamicResources !== undefined && { dynamicResources }),
  };
  const registry = envoyApi("1.40");
  return toJson(BootstrapSchema, create(BootstrapSchema, bootstrap), { registry }) as object;
}
