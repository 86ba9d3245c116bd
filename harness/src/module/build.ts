import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { HarnessError } from "../errors.ts";
import { CompilerMessages, type CompilerMessage } from "./compiler-messages.ts";
import { transformFiles } from "./compiler-inputs.ts";
import { changedTypes } from "./filter-types.ts";

export interface BuildOptions {
  /** The workspace: where `asconfig.json` stands and to which paths are relative. */
  readonly workspace: string;
  /** The filter's folder, with an `index.ts`. */
  readonly folder: string;
  /** Where `NAME.wasm` and what belongs to it are written. */
  readonly outFolder: string;
  /** Every line stays where it is, for debugging and for counting: the compiler optimises nothing. Default false. */
  readonly isUnoptimised?: boolean;
}

export interface Built {
  readonly name: string;
  readonly file: string;
  /** False when sources, options and compiler are those of the last build, so that nothing was compiled. */
  readonly isNew: boolean;
  readonly byteLength: number;
  /** What the compiler warned of, a line each and the place in the source below; none when nothing was compiled. */
  readonly warnings: readonly string[];
}

/** What a module was built from: every file that the compiler read, by content. */
interface Manifest {
  readonly compiler: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly sha256: string;
}

/**
 * Compiles a filter with the project's `asconfig.json`, unless nothing that it is made from has changed. The output is
 * replaced as a whole or not at all. Refused with `invalid_input` and the compiler's messages.
 */
export async function buildFilter(options: BuildOptions): Promise<Built> {
  const name = path.basename(options.folder);
  const file = path.join(options.outFolder, `${name}.wasm`);
  const version = `${await compilerVersion()}${options.isUnoptimised === true ? " without optimisation" : ""}`;
  const current = await currentBuild(file, version, options.workspace);
  const typesFile = path.join(options.outFolder, `${name}.d.ts`);
  const types = await changedTypes(options.folder, typesFile);
  if (current !== null) {
    if (types !== null) await writeAll(options.outFolder, new Map([[typesFile, types]]), file);
    return { name, file, isNew: false, byteLength: current.byteLength, warnings: [] };
  }

  const { outputs, inputs, warnings } = await compile(options);
  const wasm = outputs.get(file);
  if (!(wasm instanceof Uint8Array)) throw new HarnessError("internal", `asc wrote no ${file}`);
  const manifest: Manifest = { compiler: version, inputs, sha256: digest(wasm) };
  outputs.set(manifestOf(file), JSON.stringify(manifest, null, 2));
  outputs.set(`${file}.map`, sourceMapBeside(file, String(outputs.get(`${file}.map`)), options.workspace));
  if (types !== null) outputs.set(typesFile, types);
  await writeAll(options.outFolder, outputs, file);
  return { name, file, isNew: true, byteLength: wasm.byteLength, warnings };
}

/** The part of `assemblyscript/asc` that is used; its own declarations redefine globals such as `console`. */
interface AssemblyScript {
  main(
    args: readonly string[],
    host: {
      stderr: { write(text: string): void };
      reportDiagnostic(message: CompilerMessage): void;
      readFile(name: string, baseFolder: string): Promise<string | null>;
      writeFile(name: string, content: string | Uint8Array, baseFolder: string): Promise<void>;
    },
  ): Promise<{ error: Error | null }>;
}

const compilerModule = "assemblyscript/asc" as string;

/** The compiler's version; to load it all takes longer than to see that nothing is to be compiled. */
async function compilerVersion(): Promise<string> {
  const loaded = import("assemblyscript/package.json", { with: { type: "json" } });
  return ((await required(loaded)) as { default: { version: string } }).default.version;
}

/** The compiler is an optional peer: whoever only runs modules does not need it. */
async function required<T>(loaded: Promise<T>): Promise<T> {
  try {
    return await loaded;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new HarnessError(
      "package_not_installed",
      "filters are compiled by the package assemblyscript, which is not installed: `npm install --save-dev assemblyscript@0.28`",
      { cause },
    );
  }
}

/** The built module when it is still what its inputs would give, or null. */
async function currentBuild(file: string, compiler: string, workspace: string): Promise<Uint8Array | null> {
  const text = await readFile(manifestOf(file), "utf8").catch(() => null);
  const wasm = await readFile(file).catch(() => null);
  if (text === null || wasm === null) return null;
  const manifest = JSON.parse(text) as Manifest;
  if (manifest.compiler !== compiler || manifest.sha256 !== digest(wasm)) return null;
  const states = Object.entries(manifest.inputs).map(async ([input, expected]) => {
    const content = await readFile(path.resolve(workspace, input)).catch(() => null);
    return (content === null ? "absent" : digest(content)) === expected;
  });
  return (await Promise.all(states)).every((isSame) => isSame) ? wasm : null;
}

async function compile({ workspace, folder, outFolder, isUnoptimised = false }: BuildOptions) {
  const asc = await required(import(compilerModule) as Promise<AssemblyScript>);
  const file = path.join(outFolder, `${path.basename(folder)}.wasm`);
  const inputs: Record<string, string> = {};
  const outputs = new Map<string, string | Uint8Array>();
  const written: string[] = [];
  const texts = new Map<string, string>();
  const messages = new CompilerMessages(texts);
  const relative = (target: string): string => path.relative(workspace, target);
  const args = [
    relative(path.join(folder, "index.ts")),
    "--baseDir",
    workspace,
    "--target",
    "release",
    "--outFile",
    relative(file),
    ...(isUnoptimised ? ["--optimizeLevel", "0", "--shrinkLevel", "0"] : []),
  ];

  const { error } = await asc.main(args, {
    stderr: { write: (text) => written.push(text) },
    reportDiagnostic: (message) => messages.add(message),
    readFile: async (name, baseFolder) => {
      const content = await readFile(path.resolve(baseFolder, name), "utf8").catch(() => null);
      if (content !== null) texts.set(relative(path.resolve(baseFolder, name)), content);
      inputs[relative(path.resolve(baseFolder, name))] = content === null ? "absent" : digest(content);
      return content;
    },
    writeFile: async (name, content, baseFolder) => void outputs.set(path.resolve(baseFolder, name), content),
  });
  if (error !== null)
    throw new HarnessError(
      "invalid_input",
      `${relative(folder)} does not compile:\n${messages.errors.join("\n") || written.join("").trim() || error.message}`,
    );
  return {
    outputs,
    warnings: messages.warnings,
    inputs: { ...inputs, ...(await transformInputs(workspace, inputs)) },
  };
}

/** Content digests of the transforms' files. */
async function transformInputs(
  workspace: string,
  inputs: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const configs = Object.keys(inputs).filter(
    (input) => path.basename(input) === "asconfig.json" && inputs[input] !== "absent",
  );
  const files = await transformFiles(configs.map((config) => path.resolve(workspace, config)));
  const digests = files.map(
    async (file) => [path.relative(workspace, file), digest(await readFile(file))] as const,
  );
  return Object.fromEntries(await Promise.all(digests));
}

/** asc writes paths from the workspace under a source root that does not exist; these are paths from the map itself. */
function sourceMapBeside(file: string, text: string, workspace: string): string {
  const map = JSON.parse(text) as { sourceRoot?: string; sources: string[] };
  const fromMap = (source: string): string =>
    source.startsWith("~lib/") ? source : path.relative(path.dirname(file), path.resolve(workspace, source));
  return JSON.stringify({ ...map, sourceRoot: undefined, sources: map.sources.map(fromMap) });
}

async function writeAll(
  folder: string,
  outputs: ReadonlyMap<string, string | Uint8Array>,
  last: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = new Map([...outputs.keys()].map((target) => [target, `${target}.${process.pid}.tmp`]));
  try {
    for (const [target, content] of outputs) await writeFile(temporary.get(target) ?? target, content);
    const order = [...temporary].sort(([a], [b]) => Number(a === last) - Number(b === last));
    for (const [target, source] of order) await rename(source, target);
  } finally {
    for (const source of temporary.values()) if (existsSync(source)) await rm(source);
  }
}

function manifestOf(file: string): string {
  return file.replace(/\.wasm$/, ".build.json");
}

function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
