import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { getContainerRuntimeClient } from "testcontainers";
import { expect, test } from "vitest";
import { requiresContainers } from "./container-fixture.ts";

const program = fileURLToPath(new URL("programs/hold-container.ts", import.meta.url));

test("a container does not outlive a process that is killed", async ({ skip }) => {
  await requiresContainers(skip);
  const holder = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
  const [id] = (await once(createInterface({ input: holder.stdout }), "line")) as [string];
  const { container } = await getContainerRuntimeClient();
  const { State } = await container.getById(id).inspect();
  expect(State.Running).toBe(true);
  const removed = container.getById(id).wait({ condition: "removed" });

  holder.kill("SIGKILL");

  await removed;
  await expect(container.getById(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
});
