import { chmod, mkdir, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, vi } from "vitest";

/** What a test that fetches has: an empty cache, and Python as it says. */
export interface FetchPlace {
  /** Where the cache is. */
  readonly folder: string;
  /** The only folder on PATH, once there is a Python in it. */
  readonly programs: string;
  /** Puts a shell program in Python's place. */
  python(body: string): Promise<void>;
}

/** A place of its own for each test of a file. */
export function eachInItsPlace(): FetchPlace {
  let root: Awaited<ReturnType<typeof mkdtempDisposable>> | null = null;
  const folder = (): string => root?.path ?? "/nowhere";
  const programs = (): string => path.join(folder(), "bin");

  beforeEach(async () => {
    root = await mkdtempDisposable(path.join(tmpdir(), "fetch-"));
    await mkdir(programs());
    vi.stubEnv("XDG_CACHE_HOME", folder());
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await root?.remove();
  });

  return {
    get folder() {
      return folder();
    },
    get programs() {
      return programs();
    },
    async python(body) {
      const file = path.join(programs(), "python3");
      await writeFile(file, `#!/bin/sh\n${body}\n`);
      await chmod(file, 0o755);
      vi.stubEnv("PATH", programs());
    },
  };
}
