import type { ContainerRuntimeClient } from "testcontainers";
import { HarnessError } from "../errors.ts";
import { loadTestcontainers } from "./testcontainers.ts";

const remedy =
  "Start one (Debian: `apt-get install docker.io`, then `dockerd`), or set DOCKER_HOST to the address of one.";

/**
 * The container engine, where testcontainers finds it. Refused with `container_engine_not_available` in one line,
 * also when DOCKER_HOST names an engine that does not answer while another one does.
 */
export async function requireEngine(): Promise<ContainerRuntimeClient> {
  const { getContainerRuntimeClient } = await loadTestcontainers();
  const engine = await getContainerRuntimeClient().catch((cause: unknown) => {
    throw notAvailable(cause);
  });
  refuseOtherEngine(engine);
  return engine;
}

function notAvailable(cause: unknown): HarnessError {
  const named = process.env["DOCKER_HOST"];
  const where =
    named === undefined
      ? "DOCKER_HOST is not set, and /var/run/docker.sock is silent"
      : `at DOCKER_HOST ${named}`;
  return new HarnessError(
    "container_engine_not_available",
    `no container engine answers (${where}). ${remedy}`,
    { cause },
  );
}

/** testcontainers goes on to the machine's own socket when DOCKER_HOST is silent: not what was asked for. */
function refuseOtherEngine(engine: ContainerRuntimeClient): void {
  const named = process.env["DOCKER_HOST"];
  const { socketPath } = engine.container.dockerode.modem as { socketPath?: string };
  if (named === undefined || named === "" || socketPath === undefined) return;
  if (new URL(named).pathname === socketPath) return;
  throw new HarnessError(
    "container_engine_not_available",
    `no container engine answers at DOCKER_HOST ${named} (one does at ${socketPath}: unset DOCKER_HOST to use it). ${remedy}`,
  );
}
