import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { inFetchFolder } from "../envoy/fetch-folder.ts";
import { python, type Progress, type Purpose } from "../envoy/python.ts";
import { packagesFolder, requirementsFile, requireHttp3 } from "./program.ts";

const purpose: Purpose = {
  subject: "aioquic, the HTTP/3 client,",
  code: "http3_not_available",
  wayOut: "Or install aioquic for this python3 by other means.",
  platform: "which takes Python 3.11 or newer",
};

/**
 * Puts what the HTTP/3 client needs into the cache, for this machine's python3, and resolves with the client's version. It
 * comes from the Python package index that pip is set up for, every file held against a digest pinned here. Refused with
 * `http3_not_available`; the cache is then as it was.
 */
export async function fetchHttp3(progress: Progress = () => undefined): Promise<string> {
  const target = path.join(packagesFolder(), await pythonTag());
  await inFetchFolder(async (folder) => {
    progress("Fetching aioquic with pip");
    const options = ["--disable-pip-version-check", "--no-input", "--quiet", "--no-deps"];
    const pinned = ["--only-binary", ":all:", "--require-hashes", "--requirement", requirementsFile];
    const packages = path.join(folder, "packages");
    await python(["-m", "pip", "install", ...options, ...pinned, "--target", packages], progress, purpose);
    await mkdir(packagesFolder(), { recursive: true });
    await rm(target, { recursive: true, force: true });
    await rename(packages, target); // in one step: no half of it is found
  });
  return requireHttp3();
}

/** What Python calls itself where its compiled packages differ: `cpython-311`. */
async function pythonTag(): Promise<string> {
  const lines: string[] = [];
  const print = "import sys; print(sys.implementation.cache_tag)";
  await python(["-c", print], (line) => lines.push(line), purpose);
  return lines.join("");
}
