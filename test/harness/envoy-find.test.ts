import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
  await program(at("cache", "proxy-wasm-harness", "envoy-1.36.4", "envoy"), envoyAnswer("1.36.4"));
  await writeFile(at("named", "text"), "");
});

afterAll(() => rm(folder, { recursive: true }));

test("ENVOY_PATH comes before PATH and the cache", async () => {
  const environment = { ENVOY_PATH: at("named", "my-envoy"), PATH: at("bin"), XDG_CACHE_HOME: at("cache") };

  const expected = { path: at("named", "my-envoy"), version: "1.38.1", source: "ENVOY_PATH" };
  expect(await findEnvoy({ environment })).toEqual(expected);
});

test("PATH comes before the cache", async () => {
  const environment = { PATH: `${at("named")}:${at("bin")}`, XDG_CACHE_HOME: at("cache") };

  expect(await findEnvoy({ environment })).toEqual({
    path: at("bin", "envoy"),
    version: "1.39.0",
    source: "PATH",
  });
});

test("another program named envoy is passed over", async () => {
  const found = await findEnvoy({ environment: { PATH: at("laravel"), XDG_CACHE_HOME: at("cache") } });

  expect(found).toMatchObject({ version: "1.40.0", source: "cache" });
});

test("none is null, and refused with what to do where one is required", async () => {
  const environment = { PATH: at("laravel"), XDG_CACHE_HOME: at("nowhere") };

  expect(await findEnvoy({ environment })).toBeNull();
  const message = expect.stringMatching(/no Envoy was found.*ENVOY_PATH/s);
  await expect(requireEnvoy({ environment })).rejects.toMatchObject({ code: "envoy_not_available", message });
});

test.for([
  ["no file", "missing", "is not a file that can be run"],
  ["a folder", "named", "is not a file that can be run"],
  ["a file that is not executable", "named/text", "is not a file that can be run"],
  ["another program", "laravel/envoy", '"Laravel Envoy 2.9.0"'],
])("an ENVOY_PATH that names %s is refused", async ([, name = "", reason = ""]) => {
  const refused = findEnvoy({ environment: { ENVOY_PATH: at(name), PATH: at("bin") } });

  const message = expect.stringContaining(reason);
  await expect(refused).rejects.toMatchObject({ code: "invalid_input", message });
});

describe("a version that is asked for", () => {
  const cache = (): { XDG_CACHE_HOME: string } => ({ XDG_CACHE_HOME: at("cache") });

  test.for([
    ["a version", "1.39.0", "PATH"],
    ["a minor", "1.39", "PATH"],
    ["one that PATH does not have", "1.36.4", "cache"],
    ["a minor that PATH does not have", "1.36", "cache"],
  ])("%s is found where it is", async ([, version = "", source]) => {
    const environment = { PATH: at("bin"), ...cache() };

    const found = await findEnvoy({ version, environment });
    expect(found).toMatchObject({ version: expect.stringMatching(`^${version}`), source });
    expect(await findEnvoy({ environment: { ...environment, ENVOY_VERSION: version } })).toEqual(found);
  });

  test("a minor is no beginning of another", async () => {
    expect(await findEnvoy({ version: "1.3", environment: { PATH: at("bin"), ...cache() } })).toBeNull();
  });

  test("the option comes before ENVOY_VERSION", async () => {
    const environment = { PATH: "", ...cache(), ENVOY_VERSION: "1.40" };

    expect(await findEnvoy({ version: "1.36", environment })).toMatchObject({ version: "1.36.4" });
  });

  test.for([
    [
      "ENVOY_PATH with another version",
      { ENVOY_VERSION: "1.36" },
      /my-envoy, which is Envoy 1\.38\.1, and 1\.36 is asked for by ENVOY_VERSION: correct one/,
    ],
    ["ENVOY_PATH with another patch", { ENVOY_VERSION: "1.38.2" }, /Envoy 1\.38\.1, and 1\.38\.2 is asked/],
    [
      "what is no version",
      { ENVOY_VERSION: "latest" },
      /"latest", asked for by ENVOY_VERSION, is no version of Envoy: write one as 1\.40\.0, or a minor as 1\.40/,
    ],
  ] as const)("%s is refused", async ([, asked, message]) => {
    const refused = findEnvoy({ environment: { ENVOY_PATH: at("named", "my-envoy"), ...asked } });

    await expect(refused).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringMatching(message),
    });
  });

  test.for([
    [
      "1.37",
      /no Envoy 1\.37, asked for by the option `version`, was found: .*bin\/envoy is 1\.39\.0, and .*envoy-1\.37\.0\/envoy does not exist\..*fetch-envoy --version 1\.37`/,
    ],
    ["1.20", /no Envoy 1\.20, .*bin\/envoy is 1\.39\.0, and no such one can be fetched\. Install it/],
  ] as const)("%s, which is nowhere, is refused with what there is", async ([version, message]) => {
    const required = requireEnvoy({ version, environment: { PATH: at("bin"), ...cache() } });

    await expect(required).rejects.toMatchObject({
      code: "envoy_not_available",
      message: expect.stringMatching(message),
    });
  });
});
