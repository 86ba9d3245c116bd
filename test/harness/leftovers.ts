import { randomInt } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";

/** What is left of proxies whose temporary folders are in a folder. */
export interface Leftovers {
  readonly commands: readonly string[];
  readonly files: readonly string[];
  readonly portIsOpen: boolean;
}

export const nothing: Leftovers = { commands: [], files: [], portIsOpen: false };

export async function leftovers(folder: string, port: number): Promise<Leftovers> {
  return {
    commands: (await processesIn(folder)).map(({ command }) => command),
    files: await readdir(folder),
    portIsOpen: await isOpen(port),
  };
}

/** The processes of this machine whose command line has a folder in it (Linux: from /proc). */
export async function processesIn(folder: string): Promise<Array<{ pid: number; command: string }>> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const processes = await Promise.all(pids.map(async (pid) => ({ pid, command: await commandOf(pid) })));
  return processes.filter(({ command }) => command.includes(folder));
}

async function commandOf(pid: number): Promise<string> {
  const text = await readFile(path.join("/proc", String(pid), "cmdline"), "utf8").catch(() => ""); // it has ended
  return text.replaceAll("\0", " ").trim();
}

/**
 * A port of 127.0.0.1 on which nobody listens, and which no kernel gives to somebody who asks for any: it is below those
 * of the default ranges of Linux and macOS.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_768);
    if (!(await isOpen(port))) return port;
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
