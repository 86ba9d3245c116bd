import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { RedisServer } from "../harness/redis-server.ts";

const run = promisify(execFile);

/** What the service has counted in Redis: by domain, keys and values, without the moment at which the window began. */
export async function countsIn(redis: RedisServer): Promise<Record<string, number>> {
  const keys = await ask(redis, "KEYS", "*");
  if (keys.length === 0) return {};
  const values = await ask(redis, "MGET", ...keys);
  const counts = keys.map((key, i) => [key.replace(/_\d+$/, ""), Number(values[i])] as const);
  return Object.fromEntries(counts.sort(([one], [other]) => one.localeCompare(other)));
}

/** Has it count anew. */
export async function forgetAll(redis: RedisServer): Promise<void> {
  await ask(redis, "FLUSHALL");
}

/** The lines of a reply. */
async function ask(redis: RedisServer, ...command: string[]): Promise<string[]> {
  const { stdout } = await run("redis-cli", ["-s", redis.address, "--raw", ...command]);
  return stdout.split("\n").filter((line) => line !== "");
}
