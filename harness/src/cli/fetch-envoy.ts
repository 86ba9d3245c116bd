import { parseArguments } from "./arguments.ts";
import { fetchEnvoy } from "../envoy/fetch.ts";
import { findEnvoy } from "../envoy/find.ts";
import { wantedVersion } from "../envoy/version.ts";

/** `proxy-wasm fetch-envoy [--version 1.38]`: prints which Envoy the tests use, after getting one when there is none. */
export async function fetchEnvoyCommand(args: readonly string[]): Promise<number> {
  const options = { version: { type: "string" } } as const;
  const { values } = parseArguments("fetch-envoy", args, options, { atMost: 0 });
  const found = await findEnvoy(values);
  const version = wantedVersion(values)?.version;
  if (found === null) await fetchEnvoy({ version, progress: (line) => console.log(line) });
  else console.log(`Envoy ${found.version} is ${found.path} (found by ${found.source})`);
  return 0;
}
