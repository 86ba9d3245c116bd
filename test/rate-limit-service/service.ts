import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { guarded } from "../../harness/src/envoy/guard.ts";
import type { RedisServer } from "../harness/redis-server.ts";
import { rateLimitService } from "./program.ts";

/** What the service counts. Source: the service's README, "Descriptor list definition". */
export interface LimitDescriptor {
  readonly key: string;
  readonly value?: string;
  readonly rate_limit?: { readonly unit: string; readonly requests_per_unit: number };
  readonly shadow_mode?: boolean;
  readonly descriptors?: readonly LimitDescriptor[];
}

/** The domain and its descriptors. */
export interface Limits {
  readonly domain: string;
  readonly descriptors: readonly LimitDescriptor[];
}

/** Says its process id, puts what the guard was given where the service looks for it, and becomes the service. */
const script = `echo $$; cd "$1" && mkdir config && mv envoy.json config/limits.yaml && exec "$2"`;

/**
 * The real rate-limit service of envoyproxy, with a real Redis behind it, in a folder of its own: it listens for gRPC on a
 * Unix domain socket, and for HTTP on ports that the kernel chooses and nobody asks for. It outlives neither this object
 * nor this process.
 */
export class RateLimitService implements AsyncDisposable {
  /** The path of its socket. */
  readonly address: string;
  private readonly processId: number;
  private readonly lifeline: Writable;
  private readonly exited: Promise<unknown>;

  private constructor(address: string, processId: number, lifeline: Writable, exited: Promise<unknown>) {
    this.address = address;
    this.processId = processId;
    this.lifeline = lifeline;
    this.exited = exited;
  }

  /** Resolves when it accepts calls. */
  static async start(limits: Limits, redis: RedisServer): Promise<RateLimitService> {
    const folder = path.join(tmpdir(), `ratelimit-${randomUUID()}`);
    const address = path.join(folder, "grpc.sock");
    const command = ["/bin/sh", "-c", script, "service", folder, await rateLimitService()];
    const env = { ...settings, PATH: process.env["PATH"], RUNTIME_ROOT: folder, GRPC_UDS: address };
    const guard = spawn("/bin/sh", guarded(folder, command), {
      env: { ...env, REDIS_URL: redis.address },
      stdio: ["pipe", "pipe", "pipe", "pipe"],
    });
    const exited = once(guard, "close");
    const [stdin, stdout, stderr, lifeline] = guard.stdio as unknown as [
      Writable,
      Readable,
      Readable,
      Writable,
    ];
    stdin.end(JSON.stringify(limits)); // which is YAML, too
    const processId = once(createInterface({ input: stdout }), "line");
    await listening(stderr);
    return new RateLimitService(address, Number((await processId)[0]), lifeline, exited);
  }

  /** Takes calls and answers none, until it is resumed. */
  pause(): void {
    process.kill(this.processId, "SIGSTOP");
  }

  /** Answers again. */
  resume(): void {
    process.kill(this.processId, "SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.lifeline.destroy();
    await this.exited;
  }
}

const settings = {
  GRPC_GO_LOG_SEVERITY_LEVEL: "info", // it says when it listens
  HOST: "127.0.0.1",
  PORT: "0",
  DEBUG_HOST: "127.0.0.1",
  DEBUG_PORT: "0",
  REDIS_SOCKET_TYPE: "unix",
  USE_STATSD: "false",
  RUNTIME_SUBDIRECTORY: "",
  RUNTIME_WATCH_ROOT: "false",
};

async function listening(log: Readable): Promise<void> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: log })) {
    lines.push(line);
    if (line.includes("ListenSocket created")) return (log.resume(), undefined);
  }
  throw new Error(`the rate-limit service ended before it listened:\n${lines.join("\n")}`);
}
