import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { bootstrap } from "./bootstrap.ts";

/** Ends Envoy, and removes its folder, as soon as its standard input ends, even when this process was killed. */
const GUARD =
  'folder=$0; "$@" </dev/null >"$folder/log" 2>&1 & echo $!; read -r _; kill -9 $!; wait; rm -rf "$folder"';

const PATIENCE_MS = 60_000;

/** An Envoy, with a module in its chain or with what else is asked. */
export class Envoy implements AsyncDisposable {
  /** Where its listener is. */
  readonly origin: string;
  private readonly pid: string;
  private readonly stop: () => Promise<void>;

  private constructor(origin: string, pid: string, stop: () => Promise<void>) {
    this.origin = origin;
    this.pid = pid;
    this.stop = stop;
  }

  /** Starts one and waits until it serves; refused with what Envoy said when it ends instead. */
  static start(binary: string, module: string | null): Promise<Envoy> {
    return Envoy.startWith(binary, bootstrap(module), 1);
  }

  /** The same of any bootstrap whose listener is called `bench`, with so many workers. */
  static async startWith(binary: string, bootstrap: object, workers: number): Promise<Envoy> {
    const folder = await mkdtemp(path.join(tmpdir(), "proxy-wasm-bench-"));
    await writeFile(path.join(folder, "envoy.json"), JSON.stringify(bootstrap));
    const flags = ["--concurrency", `${workers}`, "--disable-hot-restart", "-l", "warning"];
    const files = ["-c", path.join(folder, "envoy.json"), "--admin-address-path", path.join(folder, "admin")];
    const guard = spawn("sh", ["-c", GUARD, folder, binary, ...files, ...flags], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const ended = new Promise<void>((resolve) => guard.once("exit", () => resolve()));
    const stop = (): Promise<void> => {
      guard.stdin.end();
      return ended;
    };
    try {
      const pid = String((await guard.stdout.take(1).toArray())[0]).trim();
      return new Envoy(await origin(folder, pid), pid, stop);
    } catch (error) {
      await stop();
      throw error;
    }
  }

  /** How long its threads have run on a processor, in nanoseconds. */
  async cpuNanos(): Promise<number> {
    const folder = `/proc/${this.pid}/task`;
    const stats = (await readdir(folder)).map((thread) => readFile(`${folder}/${thread}/schedstat`, "utf8"));
    return (await Promise.all(stats)).reduce((sum, text) => sum + Number(text.split(" ")[0]), 0);
  }

  /** Its resident memory in MiB. */
  async residentMib(): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Envoy writes where its admin interface is, and that tells where the listener is. */
async function origin(folder: string, pid: string): Promise<string> {
  for (let waited = 0; waited < PATIENCE_MS; waited += 20) {
    const admin = await readFile(path.join(folder, "admin"), "utf8").catch(() => "");
    const listeners = admin === "" ? "" : await get(`http://${admin}/listeners`);
    const address = /^bench::(\S+)$/m.exec(listeners)?.[1];
    if (address !== undefined && (await get(`http://${admin}/ready`)).startsWith("LIVE"))
      return `http://${address}`;
    const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") Z");
    if (/\) Z/.test(state)) break;
    await delay(20);
  }
  const log = await readFile(path.join(folder, "log"), "utf8");
  throw new Error(`Envoy does not serve; it said last: ${log.trim().split("\n").slice(-3).join("\n")}`);
}

async function get(url: string): Promise<string> {
  const response = await fetch(url).catch(() => null);
  return response === null ? "" : response.text();
}
