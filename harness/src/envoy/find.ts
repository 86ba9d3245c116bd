import { execFile } from "node:child_process";
import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { HarnessError } from "../errors.ts";
import { cachedEnvoy } from "./cache.ts";
import { defaultVersion } from "./wheels.ts";

/**
 * An Envoy of this machine.
 *
 * @category Envoy and errors
 */
export interface EnvoyBinary {
  /** The program. */
  readonly path: string;
  /** As it says itself: `1.40.0`. */
  readonly version: string;
  /** Where it was found. */
  readonly source: "ENVOY_PATH" | "PATH" | "cache";
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The Envoy to use: `ENVOY_PATH`, then PATH, then the cache that `fetchEnvoy` fills; null when there is none. A
 * program named `envoy` on PATH that is something else is passed over; refused with `invalid_input` is only an
 * `ENVOY_PATH` that names no Envoy.
 *
 * @category Envoy and errors
 */
export async function findEnvoy(environment: Environment = process.env): Promise<EnvoyBinary | null> {
  const named = environment["ENVOY_PATH"];
  if (named !== undefined && named !== "") return namedEnvoy(named);
  for (const folder of (environment["PATH"] ?? "").split(path.delimiter)) {
    const found = await envoyAt(path.join(folder || ".", "envoy"), "PATH");
    if (found !== null) return found;
  }
  return envoyAt(cachedEnvoy(defaultVersion, environment), "cache");
}

/** As `findEnvoy`. Refused with `envoy_not_available` when there is none. */
export async function requireEnvoy(environment: Environment = process.env): Promise<EnvoyBinary> {
  const found = await findEnvoy(environment);
  if (found !== null) return found;
  throw new HarnessError(
    "envoy_not_available",
    `no Envoy was found: ENVOY_PATH is not set, no \`envoy\` is on PATH, and ${cachedEnvoy(defaultVersion, environment)} ` +
      "does not exist. On x86-64 Linux `npx proxy-wasm fetch-envoy` gets one; elsewhere install Envoy (`brew install envoy`, " +
      "func-e), or set ENVOY_PATH to the program.",
  );
}

async function namedEnvoy(file: string): Promise<EnvoyBinary> {
  if (!(await isExecutable(file))) {
    throw new HarnessError(
      "invalid_input",
      `ENVOY_PATH is ${file}, which is not a file that can be run: correct it, or unset it`,
    );
  }
  const { version, output } = await askVersion(file);
  if (version !== null) return { path: file, version, source: "ENVOY_PATH" };
  throw new HarnessError(
    "invalid_input",
    `ENVOY_PATH is ${file}, which is not an Envoy: \`--version\` answered ${JSON.stringify(output)}`,
  );
}

async function envoyAt(file: string, source: "PATH" | "cache"): Promise<EnvoyBinary | null> {
  if (!(await isExecutable(file))) return null;
  const { version } = await askVersion(file);
  return version === null ? null : { path: file, version, source };
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

interface VersionAnswer {
  readonly version: string | null;
  readonly output: string;
}

/** A file that has answered once is not asked again: it takes 50 ms. */
const answers = new Map<string, Promise<VersionAnswer>>();

function askVersion(file: string): Promise<VersionAnswer> {
  const answer = answers.get(file) ?? runVersion(file);
  answers.set(file, answer);
  return answer;
}

async function runVersion(file: string): Promise<VersionAnswer> {
  const { stdout, stderr } = await promisify(execFile)(file, ["--version"], { timeout: 10_000 }).catch(
    (error: { stdout?: string; stderr?: string; message: string }) => ({
      stdout: error.stdout ?? "",
      stderr: error.stderr || error.message,
    }),
  );
  const version = /\bversion: \w+\/([^/]+)\//.exec(stdout)?.[1] ?? null;
  return { version, output: (stdout.trim() || stderr.trim()).slice(0, 200) };
}
