import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { test } from "./container-backend-fixture.ts";
import { specs, vitest } from "./run-spec.ts";

const victims = {
  worker: (worker: number) => worker,
  parent: (_: number, main: ChildProcess) => main.pid ?? 0,
};

test.for(["worker", "parent"] as const)(
  "SIGKILL of vitest's %s leaves no container",
  async (victim, { image, skip }) => {
    if (process.platform !== "linux") skip("processes are looked for in /proc");
    const { id } = await image.nextStart();
    const main = spawn(process.execPath, [vitest, "run", "never-ends.spec.ts", "--project=container"], {
      cwd: specs,
      env: { ...process.env, VITEST: undefined, SPEC_IMAGE: image.name },
      stdio: "ignore",
    });
    const ended = once(main, "exit");
    const removed = image.removal(await id);

    process.kill(victims[victim](await workerOf(main), main), "SIGKILL");

    await removed;
    expect(await image.containers()).toEqual([]);
    main.kill("SIGKILL"); // it would wait for the worker
    await ended;
  },
);

/** The child of vitest that runs Node's program; the other one, which calls itself a watchdog, has no path. */
async function workerOf({ pid }: ChildProcess): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  for (const child of children.trim().split(" ")) {
    const command = await readFile(`/proc/${child}/cmdline`, "utf8");
    if (command.startsWith(process.execPath)) return Number(child);
  }
  throw new Error(`vitest has no worker among its children ${children}`);
}
