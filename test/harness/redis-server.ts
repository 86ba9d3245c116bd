import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { promisify } from "node:util";
import { guarded } from "../../harness/src/envoy/guard.ts";
import { isCi } from "./requires-ci.ts";

/** Skips a test, visibly, on a machine without a Redis; with `CI=true` the test goes on, and fails. */
export async function requiresRedis(skip: (note: string) => void): Promise<void> {
  if (isCi) return;
  try {
    await promisify(execFile)("redis-server", ["--version"]);
  } catch {
    skip("no redis-server on PATH: apt-get install redis-server");
  }
}

/** A real Redis behind a Unix domain socket, in a folder of its own; it outlives neither this object nor this process. */
export class RedisServer implements AsyncDisposable {
  /** The path of its socket. */
  readonly address: string;
  private readonly lifeline: Writable;
  private readonly exited: Promise<unknown>;

  private constructor(address: string, lifeline: Writable, exited: Promise<unknown>) {
    this.address = address;
    this.lifeline = lifeline;
    this.exited = exited;
  }

  /** Resolves when it accepts connections. */
  static async start(): Promise<RedisServer> {
    const folder = path.join(tmpdir(), `redis-${randomUUID()}`);
    const address = path.join(folder, "redis.sock");
    const command = ["redis-server", "--port", "0", "--unixsocket", address, "--save", "", "--dir", folder];
    const guard = spawn("/bin/sh", guarded(folder, command), { stdio: ["pipe", "pipe", "pipe", "pipe"] });
    const exited = once(guard, "close");
    const [stdin, stdout, , lifeline] = guard.stdio as unknown as [Writable, Readable, Readable, Writable];
    stdin.end();
    await accepting(stdout);
    return new RedisServer(address, lifeline, exited);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.lifeline.destroy();
    await this.exited;
  }
}

async function accepting(output: Readable): Promise<void> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: output })) {
    lines.push(line);
    if (line.includes("eady to accept connections")) return (output.resume(), undefined);
  }
  throw new Error(`Redis ended before it accepted connections:\n${lines.join("\n")}`);
}
