import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import { AccessLog } from "./access-log.ts";
import { EnvoyLog } from "./envoy-log.ts";
import { guarded } from "./guard.ts";

/** What to run; the configuration is Envoy's bootstrap, one line of JSON. */
export interface EnvoyCommand {
  readonly binary: string;
  readonly flags: readonly string[];
  readonly configuration: string;
  /** Those of the bootstrap, which speak before any listener does. */
  readonly plugins: readonly Plugin[];
}

/** A bound on waiting: `what` is asked when it is reached, and says what was waited for and how far it got. */
export interface Bound {
  readonly ms: number;
  readonly what: () => string;
  /** What it means when Envoy ends meanwhile; without it that is `envoy_exited`. */
  readonly gone?: (exitCode: number) => HarnessError;
}

/** One Envoy under its guard, in a temporary folder of its own: neither outlives this object, nor this process. */
export class EnvoyProcess implements AsyncDisposable {
  readonly log: EnvoyLog;
  readonly accessLog = new AccessLog();
  /** Envoy writes here where its admin interface listens. */
  readonly adminAddressFile: string;
  /** The exit code, 128 and the signal's number when a signal ended Envoy; everything it said has been read by then. */
  readonly exited: Promise<number>;
  /** It has not ended yet. */
  isRunning = true;
  private readonly lifeline: Writable;

  constructor(command: EnvoyCommand) {
    const folder = path.join(tmpdir(), `proxy-wasm-envoy-${randomUUID()}`);
    this.adminAddressFile = path.join(folder, "admin-address");
    this.log = new EnvoyLog(command.plugins);
    const guard = spawnGuard(folder, [
      command.binary,
      ...["--config-path", path.join(folder, "envoy.json")],
      ...["--admin-address-path", this.adminAddressFile],
      ...command.flags,
    ]);
    const { stdin, lifeline, stdout, stderr } = pipesOf(guard);
    this.lifeline = lifeline;
    // a guard that ends early breaks its pipes; its exit says why
    for (const pipe of [stdin, lifeline]) pipe.on("error", (error) => this.log.add(error.message));
    this.exited = exitOf(guard, this.log).finally(() => (this.isRunning = false));
    createInterface({ input: stderr }).on("line", (line) => this.log.add(line));
    createInterface({ input: stdout }).on("line", (line) => this.addOutput(line));
    stdin.end(command.configuration);
  }

  /** Waits until Envoy, which was asked to, has ended. Refused with `timeout`, and with `envoy_exited` when it crashed. */
  async ends(ms: number): Promise<void> {
    const late = Promise.withResolvers<never>();
    const what = (): string => "Envoy did not end when it was asked to";
    const timer = setTimeout(() => late.reject(this.tooLate({ ms, what })), ms);
    try {
      const code = await Promise.race([this.exited, late.promise]);
      if (code !== 0) throw this.ended(code);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits for something. Refused with `timeout` at the bound, and with `envoy_exited` as soon as Envoy is gone. */
  async within<T>(work: Promise<T>, bound: Bound): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(this.tooLate(bound)), bound.ms);
    const gone = this.exited.then((code) => {
      throw bound.gone?.(code) ?? this.ended(code);
    });
    const answer = work.catch((error: unknown) => {
      if (!isBrokenConnection(error)) throw error;
      return gone; // a connection breaks a moment before the exit is known
    });
    try {
      return await Promise.race([answer, late.promise, gone]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves when Envoy, its ports and its folder are gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.lifeline.destroy();
    await this.exited;
  }

  private addOutput(line: string): void {
    if (line.startsWith("{")) this.accessLog.add(line);
    else this.log.add(line);
  }

  private tooLate({ ms, what }: Bound): HarnessError {
    return new HarnessError("timeout", `${what()}, and was given ${ms} ms\n${lastLines(this.log)}`);
  }

  private ended(code: number): HarnessError {
    return new HarnessError(
      "envoy_exited",
      `Envoy ended by itself with ${exitText(code)}\n${lastLines(this.log)}`,
    );
  }
}

/** Envoy's last log lines, for the second part of a message. */
export function lastLines(log: EnvoyLog): string {
  if (log.tail.length === 0) return "Envoy has logged nothing.";
  return ["Envoy's last log lines:", ...log.tail.map((line) => `    ${line}`)].join("\n");
}

const brokenConnection: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE"]);

function isBrokenConnection(error: unknown): boolean {
  return error instanceof Error && "code" in error && brokenConnection.has(error.code);
}

const signals: Readonly<Record<number, string>> = {
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  9: "SIGKILL",
  11: "SIGSEGV",
};

/** `exit code 139 (SIGSEGV)` */
export function exitText(code: number): string {
  const signal = signals[code - 128];
  return `exit code ${code}${signal === undefined ? "" : ` (${signal})`}`;
}

/** In a session of its own, so that Ctrl-C on the terminal reaches this process first and the guard by its lifeline. */
function spawnGuard(folder: string, command: readonly string[]): ChildProcess {
  return spawn("/bin/sh", guarded(folder, command), {
    detached: true,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
}

interface Pipes {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly lifeline: Writable;
}

function pipesOf(guard: ChildProcess): Pipes {
  const [stdin, stdout, stderr, lifeline] = guard.stdio as unknown as [
    Writable,
    Readable,
    Readable,
    Writable,
  ];
  return { stdin, stdout, stderr, lifeline };
}

function exitOf(guard: ChildProcess, log: EnvoyLog): Promise<number> {
  return new Promise((resolve) => {
    guard.once("error", (error) => {
      log.add(error.message);
      resolve(127);
    });
    guard.once("close", (code) => resolve(code ?? 137));
  });
}
