import { HarnessError } from "../errors.ts";

/** The package that drives the container engine. Refused with `package_not_installed` where it is not there. */
export async function loadTestcontainers(): Promise<typeof import("testcontainers")> {
  try {
    return await import("testcontainers");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new HarnessError(
      "package_not_installed",
      "containers need the package testcontainers, which is not installed: `npm install --save-dev testcontainers@12`",
      { cause },
    );
  }
}
