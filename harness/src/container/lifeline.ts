import { spawn } from "node:child_process";
import type { ContainerRuntimeClient } from "testcontainers";

/**
 * Waits until its parent has ended, however that came, and removes a container: the kernel closes the pipe even when
 * the parent was killed. Its argument is the request that does it, for `node:http`.
 */
const script = `
process.stdin.resume().on("end", () => {
  const request = require("node:http").request(JSON.parse(process.argv[1]), () => process.exit());
  request.on("error", () => process.exit(1)).end();
});
`;

/**
 * Sees to it that a container does not outlive this process, where testcontainers' reaper is switched off; until it is
 * disposed of. An engine behind TLS is left to its reaper.
 */
export function lifeline({ container }: ContainerRuntimeClient, id: string): Disposable {
  const { socketPath, host, port, protocol } = container.dockerode.modem as EngineAddress;
  if (process.env["TESTCONTAINERS_RYUK_DISABLED"] !== "true" || protocol === "https") return nothing;
  const address = socketPath === undefined ? { host, port } : { socketPath };
  const request = { ...address, method: "DELETE", path: `/containers/${id}?force=true&v=true` };
  const guard = spawn(process.execPath, ["--eval", script, JSON.stringify(request)], {
    detached: true, // what ends this process's group leaves it alone
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref(); // a socket, though its type does not say so
  return { [Symbol.dispose]: () => void guard.kill() };
}

const nothing: Disposable = { [Symbol.dispose]: () => undefined };

/** What dockerode knows of the engine; its own type leaves it out. */
interface EngineAddress {
  readonly socketPath?: string;
  readonly host?: string;
  readonly port?: number | string;
  readonly protocol?: string;
}
