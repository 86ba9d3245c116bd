import { execFile } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cacheFolder } from "../envoy/cache.ts";
import { HarnessError } from "../errors.ts";

/** Beside this package's `src` and `dist`: Python is not compiled. */
const folder = fileURLToPath(new URL("../../http3/", import.meta.url));

/** The client, in Python. */
export const clientProgram = path.join(folder, "client.py");
/** What it needs, every file by its digest. */
export const requirementsFile = path.join(folder, "requirements.txt");

/** Where fetched packages are, one folder for each Python. */
export function packagesFolder(): string {
  return path.join(cacheFolder(), "http3");
}

/** The arguments of `python3` that run the client. */
export function clientArguments(...options: readonly string[]): string[] {
  return [clientProgram, packagesFolder(), ...options];
}

/**
 * The version of the HTTP/3 client of this machine, which is Python's `aioquic`: installed, or in the cache that
 * `proxy-wasm fetch-http3` fills. Null when there is none.
 *
 * @category Send and receive
 */
export async function findHttp3(): Promise<string | null> {
  found ??= await askVersion();
  return found;
}

/** Once found it is not asked again: it takes a quarter of a second. */
let found: string | null = null;

async function askVersion(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("python3", clientArguments("--version"));
    return stdout.trim();
  } catch {
    return null;
  }
}

/** As `findHttp3`. Refused with `http3_not_available`. */
export async function requireHttp3(): Promise<string> {
  const version = await findHttp3();
  if (version !== null) return version;
  throw new HarnessError(
    "http3_not_available",
    "no HTTP/3 client was found: this machine's python3 has no aioquic. `npx proxy-wasm fetch-http3` gets it with pip",
  );
}
