import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempDisposable, readdir, readFile, watch } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { processesIn } from "./leftovers.ts";
import { isCi } from "./requires-ci.ts";
import { requiresEnvoy } from "./requires-envoy.ts";
import { specs, vitest } from "./run-spec.ts";

/** The moment of the kill is another one in each round; CI takes more of them. */
const rounds = isCi ? 20 : 2;
const latestMs = 300; // from the moment at which the proxy's folder is there: before, during and after Envoy's start

const victims = {
  worker: (worker: number) => worker,
  parent: (_: number, main: ChildProcess) => main.pid ?? 0,
};

test.for(["worker", "parent"] as const)(
  "SIGKILL of vitest's %s leaves no Envoy and no folder after 2 s",
  { timeout: rounds * 30_000 },
  async (victim, { skip }) => {
    await requiresEnvoy(skip);
    if (process.platform !== "linux") skip("processes are looked for in /proc");

    for (let round = 0; round < rounds; round++) {
      const ms = (round * latestMs) / rounds;
      await using folder = await mkdtempDisposable(path.join(tmpdir(), "vitest-killed-"));
      const main = await runUntilProxyStarts(folder.path);
      const worker = await parentOfGuard(folder.path);
      await delay(ms);
      process.kill(victims[victim](worker, main), "SIGKILL");
      await expect
        .poll(() => leftIn(folder.path), { timeout: 2_000, interval: 20, message: `killed after ${ms} ms` })
        .toEqual({ processes: [], files: [] });
      await ended(main);
    }
  },
);

/** Starts vitest on a spec that never ends, and resolves when the guard of its Envoy has made its folder. */
async function runUntilProxyStarts(folder: string): Promise<ChildProcess> {
  const events = watch(folder)[Symbol.asyncIterator]();
  const first = events.next(); // watching begins here, before vitest does
  const main = spawn(process.execPath, [vitest, "run", "never-ends.spec.ts", "--project=envoy"], {
    cwd: specs,
    env: { ...process.env, VITEST: undefined, TMPDIR: folder },
    stdio: "ignore",
  });
  await first;
  await events.return?.();
  return main;
}

/** The process that started the guard: vitest's worker. The guard is the shell among the folder's processes. */
async function parentOfGuard(folder: string): Promise<number> {
  const guard = (await processesIn(folder)).find(({ command }) => command.includes("proxy-wasm-guard"));
  const status = await readFile(`/proc/${guard?.pid}/status`, "utf8");
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
}

async function leftIn(folder: string) {
  const processes = await processesIn(folder);
  return { processes: processes.map(({ command }) => command), files: await readdir(folder) };
}

/** vitest reports the worker's end and exits by itself; the wait for it keeps rounds apart. */
async function ended(main: ChildProcess): Promise<void> {
  if (main.exitCode === null && main.signalCode === null) await once(main, "exit");
}
