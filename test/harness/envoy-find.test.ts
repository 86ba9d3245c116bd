import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findEnvoy, requireEnvoy } from "../../harness/src/envoy/find.ts";

let folder = "";
const at = (...parts: string[]): string => path.join(folder, ...parts);

async function program(file: string, output: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho '${output}'\n`);
  await chmod(file, 0o755);
}

const envoyAnswer = (version: string): string => `envoy  version: 9e5580/${version}/Clean/RELEASE/BoringSSL`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "find-"));
  await program(at("named", "my-envoy"), envoyAnswer("1.38.1"));
  await program(at("bin", "envoy"), envoyAnswer("1.39.0"));
  await program(at("laravel", "envoy"), "Laravel Envoy 2.9.0");
  await program(at("cache", "proxy-wasm-harness", "envoy-1.40.0", "envoy"), envoyAnswer("1.40.0"));
  await writeFile(at("named", "text"), "");
});

afterAll(() => rm(folder, { recursive: true }));

test("ENVOY_PATH comes before PATH and the cache", async () => {
  const environment = { ENVOY_PATH: at("named", "my-envoy"), PATH: at("bin"), XDG_CACHE_HOME: at("cache") };

  const expected = { path: at("named", "my-envoy"), version: "1.38.1", source: "ENVOY_PATH" };
  expect(await findEnvoy(environment)).toEqual(expected);
});

test("PATH comes before the cache", async () => {
  const environment = { PATH: `${at("named")}:${at("bin")}`, XDG_CACHE_HOME: at("cache") };

  expect(await findEnvoy(environment)).toEqual({
    path: at("bin", "envoy"),
    version: "1.39.0",
    source: "PATH",
  });
});

test("another program named envoy is passed over", async () => {
  const found = await findEnvoy({ PATH: at("laravel"), XDG_CACHE_HOME: at("cache") });

  expect(found).toMatchObject({ version: "1.40.0", source: "cache" });
});

test("none is null, and refused with what to do where one is required", async () => {
  const environment = { PATH: at("laravel"), XDG_CACHE_HOME: at("nowhere") };

  expect(await findEnvoy(environment)).toBeNull();
  const message = expect.stringMatching(/no Envoy was found.*ENVOY_PATH/s);
  await expect(requireEnvoy(environment)).rejects.toMatchObject({ code: "envoy_not_available", message });
});

test.for([
  ["no file", "missing", "is not a file that can be run"],
  ["a folder", "named", "is not a file that can be run"],
  ["a file that is not executable", "named/text", "is not a file that can be run"],
  ["another program", "laravel/envoy", '"Laravel Envoy 2.9.0"'],
])("an ENVOY_PATH that names %s is refused", async ([, name = "", reason = ""]) => {
  const refused = findEnvoy({ ENVOY_PATH: at(name), PATH: at("bin") });

  const message = expect.stringContaining(reason);
  await expect(refused).rejects.toMatchObject({ code: "invalid_input", message });
});
