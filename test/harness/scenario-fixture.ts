import { createAuthority, type Authority, type Identity } from "proxy-wasm-harness";
import { wasm } from "proxy-wasm-harness/scenario";

/** The path of a guest of the tests, from a spec file in `test/harness` or `test/topologies`. */
export const guest = (name: string): string => `../../build/guests/${name}.wasm`;

/** A filter of ours that says in the response that it was there, and counts requests. */
export const ours = () => wasm(guest("echo-headers"), { response_header: "ours" });

let shared: Promise<Authority> | null = null;

/** Made once for all tests of a file. */
export function authority(): Promise<Authority> {
  return (shared ??= createAuthority({ name: "test authority" }));
}

/** A certificate of that authority, for a DNS name or a URI. */
export async function identityOf(name: string): Promise<Identity> {
  return (await authority()).issue(name.includes("://") ? { uris: [name] } : { dns: [name] });
}
