import { execFile } from "node:child_process";
import { access, mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../../harness/src/envoy/cache.ts";
import { inFetchFolder } from "../../harness/src/envoy/fetch-folder.ts";

const run = promisify(execFile);

const module = "github.com/envoyproxy/ratelimit";
/** The project makes no releases any more: the newest commit that the Go module proxy has. */
export const version = "v1.4.1-0.20260122083618-3fb702589d36";

/** A first build takes a minute or two; the compiled packages are kept by Go. */
export const buildTimeoutMs = 600_000;

/** The service's program; it is built once on a machine, and kept where the Envoys are. */
export async function rateLimitService(): Promise<string> {
  const folder = path.join(cacheFolder(), `ratelimit-${version}`);
  const program = path.join(folder, "service_cmd");
  if (!(await exists(program))) await inFetchFolder((scratch) => build(scratch, folder));
  return program;
}

/** What a machine lacks to run the service and Redis, in one line; null with `CI=true`, where the tests go on and fail. */
export async function missingForRateLimitService(): Promise<string | null> {
  if (process.env["CI"] === "true") return null;
  if (!(await answers("redis-server", "--version")))
    return "no redis-server on PATH: apt-get install redis-server";
  return (await answers("go", "version")) ? null : "no go on PATH, which builds the rate-limit service";
}

/** Puts the whole folder in its place at once; whoever was faster has built the same. */
async function build(scratch: string, folder: string): Promise<void> {
  const bin = path.join(scratch, "bin");
  await mkdir(bin);
  await run("go", ["install", `${module}/src/service_cmd@${version}`], {
    env: { ...process.env, GOBIN: bin, GOFLAGS: "-buildvcs=false" },
  });
  await rename(bin, folder).catch(async (error: unknown) => {
    if (!(await exists(path.join(folder, "service_cmd")))) throw error;
  });
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
