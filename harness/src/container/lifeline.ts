import { spawn } from "node:child_process";
import type { Writable } from "node:stream";
import type { ContainerRuntimeClient } from "testcontainers";

/**
 * Waits until its parent has ended, however that came, and removes the containers that it was told of: the kernel closes
 * the pipe even when the parent was killed. On stdin a line `+ID` adds a container and `-ID` takes it back; its argument
 * is the engine's address, for `node:http`.
 */
const script = `
const [address, ids] = [JSON.parse(process.argv[1]), new Set()];
const remove = (id) => {
  const request = { ...address, agent: false, method: "DELETE", path: "/containers/" + id + "?force=true&v=true" };
  require("node:http").request(request, (answer) => answer.resume()).on("error", () => (process.exitCode = 1)).end();
};
require("node:readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => (line[0] === "+" ? ids.add(line.slice(1)) : ids.delete(line.slice(1))))
  .on("close", () => ids.forEach(remove));
`;

/** Keeps a container from outliving this process, until it is disposed of. */
export type Lifeline = (containerId: string) => Disposable;

/** The guard's stdin. One guard is enough for a process: it ends with it, and is there when the next container comes. */
let guard: Writable | null = null;

/**
 * Sees to it that containers do not outlive this process, where testcontainers' reaper is switched off. An engine behind
 * TLS is left to its reaper. It is asked for before a container is made, so that the guard starts meanwhile.
 */
export function lifeline({ container }: ContainerRuntimeClient): Lifeline {
  const { socketPath, host, port, protocol } = container.dockerode.modem as EngineAddress;
  if (process.env["TESTCONTAINERS_RYUK_DISABLED"] !== "true" || protocol === "https") return noLifeline;
  const pipe = (guard ??= startGuard(socketPath === undefined ? { host, port } : { socketPath }));
  return (id) => {
    pipe.write(`+${id}\n`);
    return { [Symbol.dispose]: () => void pipe.write(`-${id}\n`) };
  };
}

/** Of containers that are to outlive this process, or that something else removes. */
export const noLifeline: Lifeline = () => ({ [Symbol.dispose]: () => undefined });

function startGuard(engine: EngineAddress): Writable {
  const child = spawn(process.execPath, ["--eval", script, JSON.stringify(engine)], {
    detached: true, // what ends this process's group leaves it alone
    stdio: ["pipe", "ignore", "ignore"],
  });
  const isGone = (): void => {
    if (guard === child.stdin) guard = null; // the next container gets another
  };
  child.once("exit", isGone).unref();
  child.stdin.on("error", isGone);
  (child.stdin as unknown as { unref(): void }).unref(); // a socket, though its type does not say so
  return child.stdin;
}

/** What dockerode knows of the engine; its own type leaves it out. */
interface EngineAddress {
  readonly socketPath?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  readonly protocol?: string;
}
