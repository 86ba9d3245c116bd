import { readFile } from "node:fs/promises";
import type { ClientTls } from "../../harness/src/clients/target.ts";
import { Admin } from "../../harness/src/envoy/admin.ts";
import { EnvoyProcess } from "../../harness/src/envoy/envoy-process.ts";
import { findEnvoy, requireEnvoy } from "../../harness/src/envoy/find.ts";
import { logFormat } from "../../harness/src/envoy/log-line.ts";
import { protocolBootstrap, type TlsSide } from "./protocol-bootstrap.ts";
import { test as base } from "./protocols-fixture.ts";
import { isCi } from "./requires-ci.ts";

/** The harness reads the log in its own format. */
const flags = [
  "--disable-hot-restart",
  "--concurrency",
  "1",
  "--log-format",
  logFormat,
  "--log-format-escaped",
];

export const clientName = "spiffe://cluster.local/ns/default/sa/client";
export const proxyName = "spiffe://cluster.local/ns/default/sa/proxy";

interface EnvoyFixtures {
  /** Starts an Envoy that ends with the test; resolves with the port of a listener. */
  envoy: (
    listeners: readonly object[],
    clusters: readonly object[],
  ) => Promise<(listener: string) => Promise<number>>;
  /** What the proxy shows and believes. */
  proxySide: TlsSide;
  /** What the client shows and believes. */
  clientTls: ClientTls;
}

export const test = base.extend<EnvoyFixtures>({
  envoy: async ({ skip }, use) => {
    const found = isCi ? await requireEnvoy() : await findEnvoy();
    if (found === null) return skip("no Envoy on this machine");
    const started: AsyncDisposable[] = [];
    await use(async (listeners, clusters) => {
      const running = new EnvoyProcess({
        binary: found.path,
        flags,
        configuration: JSON.stringify(protocolBootstrap(listeners, clusters)),
        plugins: [],
      });
      started.push(running);
      await running.within(running.log.ready.reached(1), { ms: 20_000, what: () => "Envoy does not serve" });
      const address = await readFile(running.adminAddressFile, "utf8");
      return async (listener) => {
        using admin = new Admin(address, running.log);
        return await admin.listenerPort(listener); // before the admin is disposed of
      };
    });
    for (const running of started) await running[Symbol.asyncDispose]();
  },
  proxySide: async ({ authority }, use) => {
    const identity = await authority.issue({ dns: ["api.example"], uris: [proxyName] });
    await use({ identity, authority: authority.certificate });
  },
  clientTls: async ({ authority }, use) => {
    const identity = await authority.issue({ uris: [clientName] });
    await use({ authority: authority.certificate, serverName: "api.example", identity });
  },
});
