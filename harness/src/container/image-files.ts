import { execFile } from "node:child_process";
import { access, chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { HarnessError } from "../errors.ts";

/** Where the distributions keep the certificates of the authorities they trust. */
const authorities = [
  "/etc/ssl/certs/ca-certificates.crt", // Debian, Alpine
  "/etc/pki/tls/certs/ca-bundle.crt", // Fedora
  "/etc/ssl/ca-bundle.pem", // SUSE
];

/**
 * Lays out in a folder what an image of Envoy has: the program, the libraries that it loads here, certificates, the
 * user `envoy` and an open `/tmp`. The files are symbolic links to this machine's.
 */
export async function layOutImage(folder: string, program: string): Promise<void> {
  await link(folder, "/usr/local/bin/envoy", program);
  for (const file of await librariesOf(program)) await link(folder, file, file);
  const bundle = await firstThatExists(authorities);
  if (bundle !== null) await link(folder, "/etc/ssl/certs/ca-certificates.crt", bundle);
  await mkdir(path.join(folder, "etc/envoy"), { recursive: true });
  await writeFile(path.join(folder, "etc/passwd"), "root:x:0:0::/:\nenvoy:x:101:101::/:\n");
  await writeFile(path.join(folder, "etc/group"), "root:x:0:\nenvoy:x:101:\n");
  await mkdir(path.join(folder, "tmp"));
  await chmod(path.join(folder, "tmp"), 0o1777);
}

async function link(folder: string, target: string, source: string): Promise<void> {
  const file = path.join(folder, target);
  await mkdir(path.dirname(file), { recursive: true });
  await symlink(source, file);
}

/** `libm.so.6 => /lib/libm.so.6 (0x…)`, and the loader without an arrow. */
async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ldd", [program]).catch((cause: LddFailure) => {
    throw noLibraries(program, cause);
  });
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].flatMap(([, file]) => file ?? []);
}

interface LddFailure extends Error {
  readonly code?: string | number;
  readonly stderr?: string;
}

function noLibraries(program: string, cause: LddFailure): HarnessError {
  const seen = cause.code === "ENOENT" ? "there is no ldd" : cause.stderr?.trim() || cause.message;
  return new HarnessError(
    "unsupported",
    `an image takes the libraries that ${program} loads from this machine, and ldd did not say which (${seen}): ` +
      "build it on a Linux with glibc, as Debian and Fedora are",
    { cause },
  );
}

async function firstThatExists(files: readonly string[]): Promise<string | null> {
  for (const file of files) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return null;
}
