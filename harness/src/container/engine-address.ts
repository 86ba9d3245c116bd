import { once } from "node:events";
import net from "node:net";
import { networkInterfaces } from "node:os";
import type { ContainerRuntimeClient } from "testcontainers";
import { HarnessError } from "../errors.ts";
import { requireEngine } from "./engine.ts";

/** The name by which a container reaches the servers of the test process. */
export const hostName = "host.docker.internal";

const loopback = "127.0.0.1";

/**
 * The address that a server of this process has to listen on, so that a container reaches it as
 * `host.docker.internal`: the gateway of the engine's bridge network. Refused with `unsupported` where the engine runs
 * on another machine, and with `container_engine_not_available`.
 *
 * @category Containers
 */
export async function upstreamAddress(): Promise<string> {
  const engine = await requireEngine();
  if (engine.info.containerRuntime.operatingSystem === "Docker Desktop") return loopback; // it forwards by itself
  const candidates = [...(await bridgeGateways(engine)), ...interfaceAddresses("docker0")];
  for (const candidate of candidates) if (await isOwn(candidate)) return candidate;
  throw new HarnessError(
    "unsupported",
    "no container can reach this process: the gateway of the engine's bridge network " +
      `(${candidates.join(", ") || "it has none"}) is no address of this machine. Run the tests where the engine runs.`,
  );
}

/**
 * The address of the engine's machine on which ports are published, so that nobody beyond this machine reaches them.
 * Null where the engine is elsewhere: it publishes them as it is set up to.
 */
export async function publishedOn({ info }: ContainerRuntimeClient): Promise<string | null> {
  const { host } = info.containerRuntime;
  if (host === "localhost") return loopback;
  return net.isIP(host) !== 0 && (await isOwn(host)) ? host : null;
}

/** `http://127.0.0.1:32768`: a published port of the engine's machine. */
export function urlOn(host: string, port: number): string {
  return `http://${host === "localhost" ? loopback : host}:${port}`;
}

/** What the engine says of its bridge; a gateway that is not said is the first address of the subnet. */
async function bridgeGateways({ container }: ContainerRuntimeClient): Promise<string[]> {
  const bridge = (await container.dockerode.getNetwork("bridge").inspect()) as Bridge;
  const networks = bridge.IPAM?.Config ?? [];
  return networks.flatMap(({ Gateway, Subnet }) => Gateway ?? Subnet?.replace(/\.0\/\d+$/, ".1") ?? []);
}

interface Bridge {
  readonly IPAM?: {
    readonly Config?: ReadonlyArray<{ readonly Gateway?: string; readonly Subnet?: string }> | null;
  };
}

function interfaceAddresses(name: string): string[] {
  return (networkInterfaces()[name] ?? []).map(({ address }) => address);
}

/** Whether servers can listen there; Node does not name the interfaces that nobody is connected to. */
async function isOwn(address: string): Promise<boolean> {
  const server = net.createServer();
  try {
    await once(server.listen(0, address), "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
