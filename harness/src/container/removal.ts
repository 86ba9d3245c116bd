import type { Container } from "./container-output.ts";

/** Removes a container; one that is gone, or about to be, is left alone. */
export async function removed(container: Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode !== 404 && statusCode !== 409) throw error;
  }
}
