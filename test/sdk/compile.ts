import { webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { type ASUtil, instantiate } from "@assemblyscript/loader";
import { RewritingTransform } from "as-proxy-wasm/transform";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What asc made of a program: a module, or the reasons why not. */
export interface Compiled {
  readonly wasm: Uint8Array<ArrayBuffer> | null;
  readonly errors: string;
}

/** Compiles a filter whose text is given, beside other files by their path, as the root `asconfig.json` says. */
export function compileFilter(
  text: string,
  files: Record<string, string> = {},
  options: readonly string[] = [],
): Promise<Compiled> {
  return compile(["filter.ts", "--config", "asconfig.json", ...options], { "filter.ts": text, ...files });
}

/** A loaded module: its functions, which take and give pointers, and the way to and from them. */
export interface Guest<T> {
  readonly call: T;
  /** The pointer of a fresh `ArrayBuffer` with these bytes. */
  buffer(bytes: ArrayLike<number>): number;
  /** The bytes of an `ArrayBuffer`. */
  bytes(pointer: number): Uint8Array;
  /** The pointer of a fresh string. */
  text(text: string): number;
  /** The characters of a string. */
  string(pointer: number): string;
  readonly loader: ASUtil;
}

/** A file, by the end of its path, in which one text stands for another: a bug that is put in on purpose. */
export interface Replacement {
  readonly file: string;
  readonly text: string;
  readonly by: string;
}

/** Compiles `modules/<name>.ts`, which uses pieces of the SDK without being a filter, and loads it. */
export async function loadModule<T>(
  name: string,
  replacement?: Replacement,
  features: readonly string[] = ["simd"],
): Promise<Guest<T>> {
  return startGuest(await compileModule(name, replacement, features));
}

/** Compiles a module of the tests, perhaps with a bug in the SDK. */
export async function compileModule(
  name: string,
  replacement?: Replacement,
  features: readonly string[] = ["simd"],
): Promise<Uint8Array<ArrayBuffer>> {
  const options = [`test/sdk/modules/${name}.ts`, "--config", "test/sdk/modules/asconfig.json"];
  features.forEach((feature) => options.push("--enable", feature));
  const { wasm, errors } = await compile(options, {}, [RewritingTransform], replacement);
  if (wasm === null) throw new Error(errors);
  return wasm;
}

/** Starts a module of the tests, with a memory of its own, and with the host functions that it needs beside randomness. */
export async function startGuest<T>(
  wasm: Uint8Array<ArrayBuffer>,
  host: Record<string, Record<string, unknown>> = {},
): Promise<Guest<T>> {
  const imports: Record<string, Record<string, unknown>> = {
    wasi_snapshot_preview1: {
      random_get(address: number, length: number): number {
        if (loader.memory === undefined) return 1;
        webcrypto.getRandomValues(new Uint8Array(loader.memory.buffer, address, length));
        return 0;
      },
    },
    env: { proxy_log: () => 0 }, // that a random key cannot be had
    ...host,
  };
  const { exports: loader } = await instantiate<T & { _initialize(): void }>(wasm, imports);
  loader._initialize();
  return {
    call: loader,
    buffer: (bytes) => loader.__newArrayBuffer(Uint8Array.from(bytes).buffer),
    bytes: (pointer) => new Uint8Array(loader.__getArrayBuffer(pointer)),
    text: (text) => loader.__newString(text),
    string: (pointer) => loader.__getString(pointer),
    loader,
  };
}

/** A class whose objects change what the compiler sees. */
type Transform = new (...given: never[]) => unknown;

const compiled = new Map<string, Promise<Compiled>>();

/** Compiles the same only once, however many tests ask for it. */
function compile(
  options: string[],
  files: Record<string, string>,
  transforms: readonly Transform[] = [],
  replacement?: Replacement,
): Promise<Compiled> {
  const key = JSON.stringify([options, files, transforms.map(({ name }) => name), replacement]);
  const result = compiled.get(key) ?? runCompiler(options, files, transforms, replacement);
  compiled.set(key, result);
  return result;
}

async function runCompiler(
  options: string[],
  files: Record<string, string>,
  transforms: readonly Transform[],
  replacement?: Replacement,
): Promise<Compiled> {
  let wasm: Uint8Array<ArrayBuffer> | null = null;
  const argv = [...options, "--outFile", "out.wasm", "--baseDir", ROOT];
  const { error, stderr } = await asc.main(argv, {
    readFile: async (name, directory) =>
      files[name] ?? replaceText(name, await readOnce(path.resolve(directory, name)), replacement),
    writeFile: (name, contents) => {
      if (name === "out.wasm") wasm = contents as Uint8Array<ArrayBuffer>;
    },
    listFiles: () => [],
    transforms: transforms as never,
  });
  return { wasm: error === null ? wasm : null, errors: stderr.toString() };
}

function replaceText(name: string, text: string | null, replacement?: Replacement): string | null {
  if (text === null || replacement === undefined || !name.endsWith(replacement.file)) return text;
  if (!text.includes(replacement.text)) throw new Error(`${name} does not hold ${replacement.text}`);
  return text.replace(replacement.text, replacement.by);
}

const sdk = path.join(ROOT, "node_modules/as-proxy-wasm/");
const textsOfSdk = new Map<string, Promise<string | null>>();

/** Each compilation asks for 800 files of the SDK, most of which are not there: what is, is the same for all of them. */
function readOnce(file: string): Promise<string | null> {
  if (!file.startsWith(sdk)) return readText(file);
  const text = textsOfSdk.get(file) ?? readText(file);
  textsOfSdk.set(file, text);
  return text;
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
