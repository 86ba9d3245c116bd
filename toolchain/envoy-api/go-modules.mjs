import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

/** The Go module that Envoy publishes its API with, one version for each of Envoy's. */
const envoyApi = "github.com/envoyproxy/go-control-plane/envoy";

/** What of its requirements holds messages that Envoy's refer to, or that Envoy sends to others. */
const others = [
  "github.com/cncf/xds/go",
  "github.com/envoyproxy/protoc-gen-validate",
  "github.com/prometheus/client_model",
  "go.opentelemetry.io/proto/otlp",
  "google.golang.org/genproto/googleapis/api",
  "google.golang.org/genproto/googleapis/rpc",
  "google.golang.org/protobuf",
  "cel.dev/expr",
];

/** The folders of the Go modules that hold a version's API, downloaded by `go`. */
export function apiModules(version) {
  const { Dir, GoMod } = download(`${envoyApi}@v${version}`);
  const requirements = readFileSync(GoMod, "utf8");
  return [Dir, ...others.map((name) => download(`${name}@${required(requirements, name)}`).Dir)];
}

function required(requirements, name) {
  const line = requirements.split("\n").find((text) => text.trim().startsWith(`${name} `));
  if (line === undefined) throw new Error(`${path.basename(envoyApi)}'s go.mod does not require ${name}`);
  return line.trim().split(" ")[1];
}

/** What `go mod download` says of a module, with its folder `Dir`. */
export function download(module) {
  const { status, stdout, stderr, error } = spawnSync("go", ["mod", "download", "-json", module], {
    encoding: "utf8",
  });
  if (error !== undefined) throw new Error(`go could not be started (${error.message}): install Go`);
  if (status !== 0) throw new Error(`${module} could not be downloaded: ${stderr}${stdout}`);
  return JSON.parse(stdout);
}
