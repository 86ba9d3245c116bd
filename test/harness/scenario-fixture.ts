import { createAuthority, TcpUpstream, type Authority, type Identity } from "proxy-wasm-harness";
import {
  cluster,
  listener,
  tcpProxy,
  wasm,
  type Scenario,
  type StartedScenario,
} from "proxy-wasm-harness/scenario";

/** The path of a guest of the tests, from a spec file in `test/harness` or `test/topologies`. */
export const guest = (name: string): string => `../../build/guests/${name}.wasm`;

/** A filter of ours that says in the response that it was there, and counts requests. */
export const ours = () => wasm(guest("echo-headers"), { response_header: "ours" });

/** A listener `tcp` with a filter of ours before a service that sends back what it receives. */
export function echoingScenario(): Scenario {
  const service = new TcpUpstream();
  service.serve({ data: (connection, bytes) => connection.send(bytes) });
  return {
    listeners: [listener("tcp", { filters: [wasm(guest("observes-connections")), tcpProxy("echo")] })],
    clusters: [cluster("echo", service)],
  };
}

/** Sends a word over a connection to it, which then ends; what came back, once everything is over. */
export async function echoOf(mesh: StartedScenario, word: string): Promise<string> {
  const connection = await mesh.connect("tcp");
  await connection.send(word);
  const answer = Buffer.from(await connection.receive(word.length)).toString();
  await connection.end();
  await connection.closed();
  await mesh.settled();
  return answer;
}

let shared: Promise<Authority> | null = null;

/** Made once for all tests of a file. */
export function testAuthority(): Promise<Authority> {
  return (shared ??= createAuthority({ name: "test authority" }));
}

/** A certificate of that authority, for a DNS name or a URI. */
export async function identityOf(name: string): Promise<Identity> {
  return (await testAuthority()).issue(name.includes("://") ? { uris: [name] } : { dns: [name] });
}
