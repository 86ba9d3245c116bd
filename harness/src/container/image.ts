import type { ContainerRuntimeClient, ImageName, ImagePullPolicy } from "testcontainers";
import { HarnessError } from "../errors.ts";

/** Pulls an image unless it is there. Refused with `image_not_available` in one line. */
export async function requireImage(
  engine: ContainerRuntimeClient,
  image: ImageName,
  policy: ImagePullPolicy,
): Promise<void> {
  if (await engine.image.exists(image)) return;
  if (policy.shouldPull() === "never") throw notAvailable(image, "the pull policy is never");
  await engine.image.pull(image).catch((cause: unknown) => {
    throw notAvailable(image, reasonOf(cause), { cause });
  });
  if (!(await engine.image.exists(image))) throw notAvailable(image, "the registry gave none");
}

function notAvailable(image: ImageName, reason: string, options?: ErrorOptions): HarnessError {
  return new HarnessError(
    "image_not_available",
    `the image ${image.string} is not on the container engine, and was not pulled (${reason}). ` +
      "Name one that is there, or let `npx proxy-wasm build-image` build one from the Envoy of this machine.",
    options,
  );
}

/** The last part of what the engine says, without the address that it asked: `i/o timeout`, `pull access denied for x`. */
function reasonOf(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  return said
    .replace(/^\(HTTP code \d+\) [\w ]+ - /, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
