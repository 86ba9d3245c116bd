import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../../harness/src/envoy/cache.ts";
import { inFetchFolder } from "../../harness/src/envoy/fetch-folder.ts";
import { isCi } from "../harness/requires-ci.ts";

const run = promisify(execFile);

const module = "github.com/envoyproxy/ratelimit";
/** The project makes no releases any more: the newest commit that the Go module proxy has. */
export const version = "v1.4.1-0.20260122083618-3fb702589d36";

/** A first build takes a minute or two; the compiled packages are kept by Go. */
export const buildTimeoutMs = 600_000;

/** The service's program; it is built once on a machine, and kept where the Envoys are. */
export async function rateLimitService(): Promise<string> {
  const program = programFile();
  if (!(await exists(program))) await inFetchFolder((scratch) => build(path.dirname(program), scratch));
  return program;
}

function programFile(): string {
  return path.join(cacheFolder(), `ratelimit-${version}`, "service_cmd");
}

/**
 * What a machine lacks to run the service and Redis, in one line; null with `CI=true`, where what is not built yet is
 * built, and the tests go on and fail.
 */
export async function missingForRateLimitService(): Promise<string | null> {
  if (isCi) return null;
  if (!(await answers("redis-server", "--version")))
    return "no redis-server on PATH: apt-get install redis-server";
  if (await exists(programFile())) return null;
  return "the rate-limit service is not built yet, which takes Go and minutes, and is done with CI=true";
}

/** One of several that begin at once builds, where the machine has flock; the program is put in its place as a whole. */
const script = `set -e
if command -v flock >/dev/null; then exec 9>"$1.lock"; flock 9; fi
test -x "$1/service_cmd" && exit
GOBIN="$2" go install "$3"
mkdir -p "$1"
mv "$2/service_cmd" "$1/service_cmd"
`;

async function build(folder: string, scratch: string): Promise<void> {
  await run("/bin/sh", ["-c", script, "build", folder, scratch, `${module}/src/service_cmd@${version}`]);
}

async function answers(program: string, argument: string): Promise<boolean> {
  return run(program, [argument]).then(
    () => true,
    () => false,
  );
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
