/**
 * Holds a proxy and sends requests until it is killed: `hold-proxy.ts MODULE PORT FOLDER`, the proxy's folder being
 * made in FOLDER. Like a test worker it ends when its parent does.
 */
import { observingNothing } from "../../../harness/src/backend.ts";
import { startEnvoyBackend } from "../../../harness/src/envoy/backend.ts";
import { outgoingRequest } from "../../../harness/src/message.ts";
import { loadUncheckedModule } from "../../../harness/src/module/load.ts";
import { Upstream } from "../../../harness/src/upstream.ts";

const [file = "", port = "", folder = ""] = process.argv.slice(2);
process.env["TMPDIR"] = folder;
process.on("disconnect", () => process.exit());

console.log("starting");
const module = await loadUncheckedModule(file);
const proxy = await startEnvoyBackend({
  plugins: [
    {
      name: "held",
      rootId: "",
      vmId: "",
      vmConfiguration: new Uint8Array(),
      module,
      configuration: new Uint8Array(),
      allowOnHeadersStopIteration: false,
    },
  ],
  accessLoggers: [],
  services: [],
  isConfigDiscovered: false,
  observing: observingNothing,
  upstream: new Upstream(),
  clusters: {},
  grpcClusters: {},
  virtualHost: { name: "proxy", metadata: {}, routes: [{ name: "", prefix: "/", metadata: {} }] },
  logLevel: "info",
  envoy: { port: Number(port), concurrency: 1 },
});
for (;;) await proxy.send(outgoingRequest({}));
