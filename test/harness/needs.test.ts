import { chmod, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { missing } from "../../harness/src/vitest/needs.ts";

afterEach(() => void vi.unstubAllEnvs());

test.for([
  ["1.38.3", "envoy>=1.38", null],
  ["1.39.0", "envoy>=1.38", null],
  ["2.0.0", "envoy>=1.38", null],
  ["1.37.9", "envoy>=1.38", "Envoy 1.38 or newer is needed, and this is 1.37.9"],
  ["1.9.0", "envoy>=1.38", "Envoy 1.38 or newer is needed, and this is 1.9.0"],
] as const)("to Envoy %s a test that needs %s: %s", async ([version, need, reason]) => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "needs-"));
  const file = path.join(folder.path, "envoy");
  await writeFile(file, `#!/bin/sh\necho 'envoy  version: 9e5580/${version}/Clean/RELEASE/BoringSSL'\n`);
  await chmod(file, 0o755);
  vi.stubEnv("ENVOY_PATH", file);
  vi.stubEnv("ENVOY_VERSION", "");

  expect(await missing("envoy", [need])).toBe(reason);
});

test("the embedded backend is as new as the newest Envoy that is known", async () => {
  expect(await missing("embedded", ["envoy>=1.40"])).toBeNull();
  expect(await missing("embedded", ["envoy>=1.41"])).toBe(
    "Envoy 1.41 or newer is needed, and the embedded backend does as 1.40.0",
  );
});

test("a version that is not there is named, with how to get it", async () => {
  for (const name of ["ENVOY_PATH", "CI", "PATH"]) vi.stubEnv(name, "");
  vi.stubEnv("XDG_CACHE_HOME", "/nowhere");

  expect(await missing("envoy", [], { version: "1.38" })).toBe(
    "no Envoy 1.38 on this machine: npx proxy-wasm fetch-envoy --version 1.38",
  );
});

test("without a container engine a test in containers has a reason in one line", async () => {
  vi.stubEnv("CI", "");
  vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:1");

  expect(await missing("container", [])).toMatch(/^no container engine answers.*DOCKER_HOST tcp:.*$/);
});

test("an image is as new as its tag says", async () => {
  vi.stubEnv("CI", "true");

  expect(await missing("container", ["envoy>=1.39"], { version: "1.38" })).toBe(
    "Envoy 1.39 or newer is needed, and envoyproxy/envoy:v1.38-latest is 1.38",
  );
  expect(await missing("container", ["envoy>=1.39"])).toBeNull();
});
