import { execFile } from "node:child_process";
import { cp, mkdir, mkdtempDisposable, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { requiresContainers } from "./container-fixture.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Runs lines of JavaScript in a process of their own, and resolves with what they print, as JSON. */
async function run(source: string, environment: Record<string, string> = {}): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: root,
    env: { ...process.env, ...environment },
  });
  return JSON.parse(stdout);
}

const refusal = (subpath: string, what: string): string =>
  `const said = await import(${JSON.stringify(subpath)}).then((module) => ${what}).catch((error) => error);
   console.log(JSON.stringify([said?.name, said?.code, said?.message]));`;

test.for(["unix:///nonexistent.sock", "tcp://127.0.0.1:1"])(
  "a silent engine at %s is refused in one line",
  async (address) => {
    const start = refusal("proxy-wasm-harness/container", "new module.EnvoyContainer().start()");

    expect(await run(start, { DOCKER_HOST: address })).toEqual([
      "HarnessError",
      "container_engine_not_available",
      expect.stringMatching(new RegExp(`^no container engine answers .*${address}.*dockerd.*$`)),
    ]);
  },
);

test("a reaper that cannot be had is refused in one line, which says how to do without", async ({ skip }) => {
  await requiresContainers(skip);
  const source = refusal("proxy-wasm-harness/container", "module.requireContainers()");
  const environment = {
    TESTCONTAINERS_RYUK_DISABLED: "false",
    RYUK_CONTAINER_IMAGE: "proxy-wasm-harness.invalid/ryuk:none",
  };

  expect(await run(source, environment)).toEqual([
    "HarnessError",
    "image_not_available",
    expect.stringMatching(/^testcontainers cannot start its reaper, .*TESTCONTAINERS_RYUK_DISABLED=true\.$/),
  ]);
});

test("testcontainers is loaded by the subpath alone", async () => {
  const loaded = (name: string): Promise<unknown> =>
    run(`import { createRequire } from "node:module";
      await import(${JSON.stringify(name)});
      const files = Object.keys(createRequire(import.meta.url).cache);
      console.log(JSON.stringify(files.some((file) => file.includes("node_modules/testcontainers/"))));`);

  expect(await loaded("proxy-wasm-harness")).toBe(false);
  expect(await loaded("proxy-wasm-harness/container")).toBe(true);
});

test("without the package testcontainers the subpath says what to install", async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "no-testcontainers-"));
  const modules = path.join(folder.path, "node_modules");
  await mkdir(modules);
  await cp(path.join(root, "harness"), path.join(modules, "proxy-wasm-harness"), { recursive: true });
  await symlink(path.join(root, "node_modules/@jridgewell"), path.join(modules, "@jridgewell"));
  const file = pathToFileURL(path.join(modules, "proxy-wasm-harness/dist/container/index.js"));

  expect(await run(refusal(file.href, "module.EnvoyContainer"))).toEqual([
    "HarnessError",
    "package_not_installed",
    expect.stringContaining("npm install --save-dev testcontainers"),
  ]);
});
