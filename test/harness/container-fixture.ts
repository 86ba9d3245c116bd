import { randomUUID } from "node:crypto";
import { EnvoyContainer, requireContainers } from "proxy-wasm-harness/container";
import { getContainerRuntimeClient } from "testcontainers";
import { test as base } from "vitest";
import { isCi } from "./requires-ci.ts";

const label = "proxy-wasm-harness.test";

/** The containers of one test. */
export interface Containers {
  /** One that is not started yet, and that `left` finds again. */
  create(image?: string): EnvoyContainer;
  /** The states of those that are there, running or not: `created`, `running`, `exited`. */
  left(): Promise<string[]>;
}

/** Without an engine and an image a test is skipped, and fails in CI; what a test leaves is removed after it. */
export const test = base.extend<{ containers: Containers }>({
  containers: async ({ skip }, use) => {
    await requiresContainers(skip);
    const own = `${label}=${randomUUID()}`;
    const create = (image?: string): EnvoyContainer => new EnvoyContainer(image).withLabels(labelsOf(own));
    const left = async (): Promise<string[]> => (await containersWith(own)).map(({ State }) => State);
    await use({ create, left });
    await removeAll(own);
  },
});

/** Skips a test, visibly, where no container can be started; with `CI=true` the test goes on, and fails. */
export async function requiresContainers(skip: (note: string) => void): Promise<void> {
  if (isCi) return;
  await requireContainers().catch((error: Error) => skip(error.message));
}

async function containersWith(own: string) {
  const { container } = await getContainerRuntimeClient();
  return container.dockerode.listContainers({ all: true, filters: { label: [own] } });
}

async function removeAll(own: string): Promise<void> {
  const { container } = await getContainerRuntimeClient();
  for (const { Id } of await containersWith(own)) await container.getById(Id).remove({ force: true });
}

function labelsOf(own: string): Record<string, string> {
  const [name = "", value = ""] = own.split("=");
  return { [name]: value };
}
