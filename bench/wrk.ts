import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Request } from "./workloads.ts";

const run = promisify(execFile);
const CONNECTIONS = 8;

/** Whether wrk is there to make requests. */
export function hasWrk(): Promise<boolean> {
  return run("wrk", ["--version"]).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT",
  );
}

/** A workload as wrk makes it: a script in a folder of its own. */
export class Load implements AsyncDisposable {
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(workload: Request): Promise<Load> {
    const folder = await mkdtemp(path.join(tmpdir(), "proxy-wasm-bench-wrk-"));
    await writeFile(path.join(folder, "load.lua"), script(workload));
    return new Load(folder);
  }

  /** Makes requests for so long; how many were answered. Refused when one was answered by anything but success. */
  async put(origin: string, seconds: number): Promise<number> {
    const script = path.join(this.folder, "load.lua");
    const { stdout } = await run("wrk", [
      ...["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--timeout", "5s", "-s", script, origin],
    ]);
    const [, requests, failures] = /REQUESTS (\d+) FAILURES (\d+)/.exec(stdout) ?? [];
    if (failures !== "0") throw new Error(`${failures} of ${requests} requests failed:\n${stdout}`);
    return Number(requests);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function script({ method, paths, headers, body }: Request): string {
  const text = JSON.stringify;
  const pairs = Object.entries(headers).map(([name, value]) => `[${text(name)}]=${text(value)}`);
  return `
    local headers = { ${pairs.join(", ")} }
    local body = ${body === undefined ? "nil" : text(body)}
    local paths = { ${paths.map((path) => text(path)).join(", ")} }
    local requests, sent = {}, 0
    function init()
      for i, path in ipairs(paths) do requests[i] = wrk.format(${text(method)}, path, headers, body) end
    end
    function request()
      sent = sent + 1
      return requests[sent % #requests + 1]
    end
    function done(summary)
      local errors = summary.errors
      local failures = errors.status + errors.connect + errors.read + errors.write + errors.timeout
      io.write(string.format("REQUESTS %d FAILURES %d\\n", summary.requests, failures))
    end`;
}
