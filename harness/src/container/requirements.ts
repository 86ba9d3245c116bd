import type { ContainerRuntimeClient } from "testcontainers";
import { HarnessError } from "../errors.ts";
import { defaultVersion } from "../envoy/wheels.ts";
import { requireEngine } from "./engine.ts";
import { requireImage } from "./image.ts";
import { officialImage } from "./local-image.ts";
import { loadTestcontainers } from "./testcontainers.ts";

/**
 * Resolves where containers of an image can be started, by default of the official one of Envoy 1.40.0. Refused in one
 * line with `package_not_installed`, `container_engine_not_available` or `image_not_available`.
 *
 * @category Containers
 */
export async function requireContainers(image = officialImage(defaultVersion)): Promise<void> {
  const { ImageName, PullPolicy } = await loadTestcontainers();
  const engine = await requireEngine();
  await requireImage(engine, ImageName.fromString(image), PullPolicy.defaultPolicy());
  await requireReaper(engine);
}

/** The container that removes those of a process that was killed, unless it is switched off. */
export async function requireReaper(engine: ContainerRuntimeClient): Promise<void> {
  const { getReaper } = await loadTestcontainers();
  await getReaper(engine).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new HarnessError(
      "image_not_available",
      `testcontainers cannot start its reaper, testcontainers/ryuk (${reason}). ` +
        "Where its image cannot be had, set TESTCONTAINERS_RYUK_DISABLED=true.",
      { cause },
    );
  });
}
