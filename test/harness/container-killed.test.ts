import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { getContainerRuntimeClient } from "testcontainers";
import { expect, test as base } from "vitest";
import { requiresContainers } from "./container-fixture.ts";

const program = fileURLToPath(new URL("programs/hold-container.ts", import.meta.url));

/** A process that holds containers. */
interface Holder {
  readonly process: ChildProcess;
  /** Starts one more, and resolves with its id. */
  hold(): Promise<string>;
}

const test = base.extend<{ holder: Holder }>({
  holder: async ({ skip }, use) => {
    await requiresContainers(skip);
    const holder = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
    const ids = createInterface({ input: holder.stdout });
    const hold = async (): Promise<string> => {
      const started = once(ids, "line") as Promise<[string]>;
      holder.stdin.write("\n");
      return (await started)[0];
    };
    await use({ process: holder, hold });
    holder.kill("SIGKILL");
  },
});

test("containers do not outlive a process that is killed", async ({ holder }) => {
  const { container } = await getContainerRuntimeClient();
  const containers = [await holder.hold(), await holder.hold()].map((id) => container.getById(id));
  for (const held of containers) expect((await held.inspect()).State.Running).toBe(true);
  const removed = containers.map((held) => held.wait({ condition: "removed" }));

  holder.process.kill("SIGKILL");

  await Promise.all(removed);
  for (const held of containers) await expect(held.inspect()).rejects.toMatchObject({ statusCode: 404 });
});

test("they have one guard, and another one when that was killed", async ({ holder, skip }) => {
  if (process.platform !== "linux") skip("processes are looked for in /proc");
  if (process.env["TESTCONTAINERS_RYUK_DISABLED"] !== "true") skip("containers are left to the reaper");
  const { container } = await getContainerRuntimeClient();
  const left = container.getById(await holder.hold());
  const guards = await childrenOf(holder.process);
  expect(guards).toHaveLength(1);
  await left.remove({ force: true });

  process.kill(Number(guards[0]), "SIGKILL");
  await expect.poll(() => existsSync(`/proc/${guards[0]}`)).toBe(false);
  const held = [await holder.hold(), await holder.hold()].map((id) => container.getById(id));
  expect(await childrenOf(holder.process)).toEqual([expect.not.stringMatching(`^${guards[0]}$`)]);
  const removed = held.map((one) => one.wait({ condition: "removed" }));
  holder.process.kill("SIGKILL");

  await Promise.all(removed);
});

async function childrenOf({ pid }: ChildProcess): Promise<string[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ");
}
