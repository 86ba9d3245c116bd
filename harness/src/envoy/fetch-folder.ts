import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { cacheFolder } from "./cache.ts";

/** Fetches something in a folder beside what is cached, which is removed afterwards; so are those that were left over. */
export async function inFetchFolder(fetch: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true });
  await removeAbandoned();
  const folder = await mkdtemp(path.join(cacheFolder(), `fetch-${process.pid}-`));
  try {
    await fetch(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Folders of fetches whose process was killed before it could remove them. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(cacheFolder())) {
    const [, pid] = /^fetch-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    await rm(path.join(cacheFolder(), name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // somebody else's
  }
}
