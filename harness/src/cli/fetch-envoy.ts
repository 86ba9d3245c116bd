import { parseArguments } from "./arguments.ts";
import { fetchEnvoy } from "../envoy/fetch.ts";
import { findEnvoy } from "../envoy/find.ts";

/** `proxy-wasm fetch-envoy`: prints which Envoy the tests use, after getting one when there is none. */
export async function fetchEnvoyCommand(args: readonly string[]): Promise<number> {
  parseArguments("fetch-envoy", args, {});
  const found = await findEnvoy();
  if (found === null) await fetchEnvoy({ progress: (line) => console.log(line) });
  else console.log(`Envoy ${found.version} is ${found.path} (found by ${found.source})`);
  return 0;
}
