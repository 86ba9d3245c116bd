import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Plugin } from "../backend.ts";
import type { Update } from "../xds/update.ts";
import { EnvoyLog } from "./envoy-log.ts";
import { guarded } from "./guard.ts";
import { noRoom } from "./no-room.ts";
import { SupervisedEnvoy, type Address } from "./supervised-envoy.ts";

/** What to run; the configuration is Envoy's bootstrap, one line of JSON, for which its guard waits. */
export interface EnvoyCommand {
  readonly binary: string;
  readonly flags: readonly string[];
  readonly configuration: string | Promise<string>;
  /** Those of the bootstrap, which speak before any listener does. */
  readonly plugins: readonly Plugin[];
}

/** One Envoy under its guard, in a temporary folder of its own: neither outlives this object, nor this process. */
export class EnvoyProcess extends SupervisedEnvoy {
  override readonly log: EnvoyLog;
  /** Envoy writes here where its admin interface listens. */
  readonly adminAddressFile: string;
  override readonly exited: Promise<number>;
  override isRunning = true;
  override readonly ownHost = "127.0.0.1";
  override readonly isHeardAtOnce = true; // a pipe and a socket of one machine
  private readonly lifeline: Writable;

  constructor(command: EnvoyCommand) {
    super();
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
    void this.configure(stdin, command.configuration);
  }

  /** Envoy says nothing when it cannot write it. */
  override async adminAddress(): Promise<string> {
    const address = await readFile(this.adminAddressFile, "utf8").catch(() => "");
    if (address === "") throw noRoom("the address of its admin interface");
    return address;
  }

  override addressOf(port: number): Address {
    return { host: this.ownHost, port };
  }

  /** They are there. */
  override bring(): Promise<void> {
    return Promise.resolve();
  }

  override moved(update: Update): Update {
    return update;
  }

  /** Resolves when Envoy, its ports and its folder are gone. */
  override async [Symbol.asyncDispose](): Promise<void> {
    this.lifeline.destroy();
    await this.exited;
  }

  /** Without a configuration there is nothing to run, and whoever makes it knows why. */
  private async configure(stdin: Writable, configuration: string | Promise<string>): Promise<void> {
    try {
      stdin.end(await configuration);
    } catch {
      this.lifeline.destroy();
      stdin.end();
    }
  }

  private addOutput(line: string): void {
    if (line.startsWith("{")) this.accessLog.add(line);
    else this.log.add(line);
  }
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
