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
function run(source: string, environment: Record<string, string> = {}): Promise<unknown> {
  return runBy(["env"], source, environment);
}

/** As `run`, by a command that runs another. */
async function runBy(
  [command = "", ...args]: readonly string[],
  source: string,
  environment: Record<string, string> = {},
): Promise<unknown> {
  const node = [process.execPath, "--input-type=module", "--eval", source];
  const { stdout } = await promisify(execFile)(command, [...args, ...node], {
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

test("a silent engine that is named is refused although this machine's own answers", async ({ skip }) => {
  await requiresContainers(skip);
  if (process.env["DOCKER_HOST"] !== undefined) skip("it is the engine that DOCKER_HOST names which answers");
  const source = refusal("proxy-wasm-harness/container", "module.requireContainers()");

  const said = await run(source, { DOCKER_HOST: "unix:///nonexistent.sock" });

  expect(said).toEqual([
    "HarnessError",
    "container_engine_not_available",
    expect.stringMatching(
      / at DOCKER_HOST unix:\/\/\/nonexistent\.sock \(one does at .*: unset DOCKER_HOST to/,
    ),
  ]);
});

test("an engine whose containers cannot reach this process is refused with the address", async ({ skip }) => {
  await requiresContainers(skip);
  const source = refusal("proxy-wasm-harness/container", "module.upstreamAddress()");
  const network = 'ip link set lo up && exec "$@"'; // with the engine's socket, and without its bridge
  const elsewhere = ["unshare", "--net", "sh", "-c", network, "sh"];
  await runBy(elsewhere, "console.log(true)").catch(() => skip("no network namespace can be made here"));

  expect(await runBy(elsewhere, source)).toEqual([
    "HarnessError",
    "unsupported",
    expect.stringMatching(
      /^no container can reach this process: .* \([\d.]+\) is no address of this machine\. /,
    ),
  ]);
});

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
