import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { HarnessError } from "../errors.ts";
import { cachedEnvoy } from "./cache.ts";
import { fetchable, isWanted, wantedVersion, type WantedVersion } from "./version.ts";
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
 * Which Envoy is looked for, and where.
 *
 * @category Envoy and errors
 */
export interface EnvoySearch {
  /** A version, `1.38.2`, or any of a minor, `1.38`. Default: `ENVOY_VERSION`; without that, any. */
  readonly version?: string | undefined;
  /** Default `process.env`. */
  readonly environment?: Environment;
}

/**
 * The Envoy to use: `ENVOY_PATH`, then PATH, then the cache that `fetchEnvoy` fills, where 1.40.0 is looked for unless
 * a version is asked for; null when there is none. On PATH, an Envoy of another version and another program named
 * `envoy` are passed over. Refused with `invalid_input` is an `ENVOY_PATH` that names no Envoy, or one of another
 * version, and what is no version.
 *
 * @category Envoy and errors
 */
export async function findEnvoy(search: EnvoySearch = {}): Promise<EnvoyBinary | null> {
  const { environment = process.env } = search;
  const wanted = wantedVersion(search);
  const named = environment["ENVOY_PATH"];
  if (named !== undefined && named !== "") return namedEnvoy(named, wanted);
  const onPath = (await envoysOnPath(environment)).find(({ version }) => isWanted(version, wanted));
  if (onPath !== undefined) return onPath;
  const cached = cachedFor(wanted, environment);
  return cached === null ? null : envoyAt(cached, "cache");
}

/** As `findEnvoy`. Refused with `envoy_not_available` when there is none. */
export async function requireEnvoy(search: EnvoySearch = {}): Promise<EnvoyBinary> {
  const found = await findEnvoy(search);
  if (found !== null) return found;
  throw notFound(
    wantedVersion(search),
    search.environment ?? process.env,
    await envoysOnPath(search.environment),
  );
}

function notFound(
  wanted: WantedVersion | null,
  environment: Environment,
  others: EnvoyBinary[],
): HarnessError {
  const what = wanted === null ? "no Envoy" : `no Envoy ${wanted.version}, asked for ${wanted.askedBy},`;
  const onPath = others.map(({ path: file, version }) => `${file} is ${version}`).join(", ");
  const cached = cachedFor(wanted, environment);
  const fetching =
    wanted === null ? "npx proxy-wasm fetch-envoy" : `npx proxy-wasm fetch-envoy --version ${wanted.version}`;
  const wayOut =
    cached === null
      ? "no such one can be fetched. Install it"
      : `${cached} does not exist. On x86-64 Linux \`${fetching}\` gets one; elsewhere install Envoy`;
  return new HarnessError(
    "envoy_not_available",
    `${what} was found: ENVOY_PATH is not set, ${onPath || "no `envoy` is on PATH"}, and ${wayOut} ` +
      "(`brew install envoy`, func-e), or set ENVOY_PATH to the program.",
  );
}

function cachedFor(wanted: WantedVersion | null, environment: Environment): string | null {
  const version = wanted === null ? defaultVersion : fetchable(wanted.version);
  return version === null ? null : cachedEnvoy(version, environment);
}

async function envoysOnPath(environment: Environment = process.env): Promise<EnvoyBinary[]> {
  const found: EnvoyBinary[] = [];
  for (const folder of (environment["PATH"] ?? "").split(path.delimiter)) {
    const envoy = await envoyAt(path.join(folder || ".", "envoy"), "PATH");
    if (envoy !== null) found.push(envoy);
  }
  return found;
}

async function namedEnvoy(file: string, wanted: WantedVersion | null): Promise<EnvoyBinary> {
  const refuse = (reason: string): HarnessError =>
    new HarnessError("invalid_input", `ENVOY_PATH is ${file}, which is ${reason}`);
  if (!isExecutable(file)) throw refuse("not a file that can be run: correct it, or unset it");
  const { version, output } = await askVersion(file);
  if (version === null) throw refuse(`not an Envoy: \`--version\` answered ${JSON.stringify(output)}`);
  if (isWanted(version, wanted)) return { path: file, version, source: "ENVOY_PATH" };
  throw refuse(
    `Envoy ${version}, and ${wanted?.version} is asked for ${wanted?.askedBy}: correct one of them, or unset ` +
      `ENVOY_PATH to use the Envoy of \`npx proxy-wasm fetch-envoy --version ${wanted?.version}\``,
  );
}

async function envoyAt(file: string, source: "PATH" | "cache"): Promise<EnvoyBinary | null> {
  if (!isExecutable(file)) return null;
  const { version } = await askVersion(file);
  return version === null ? null : { path: file, version, source };
}

/** At once: every folder of PATH is looked into at each start, and most have none. */
function isExecutable(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
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
