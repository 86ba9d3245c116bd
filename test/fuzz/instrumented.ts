import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { loadUncheckedModule, type WasmModule } from "../../harness/src/module/load.ts";
import BranchCoverage, { notesAt, plantedAt } from "./branch-coverage.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const compiler = "assemblyscript/asc" as string; // its declarations redefine globals

/** A change of one file of the SDK, made in the compiler's view of it only. */
export interface Patch {
  readonly file: string;
  readonly find: string;
  /** What stands in its place; `BUG` is true there when this very bug is to bite. */
  readonly plant: string;
}

/** A filter built with branch notes. */
export interface Instrumented {
  readonly module: WasmModule;
  readonly branches: readonly string[];
}

interface Compiler {
  main(
    args: readonly string[],
    host: {
      transforms: readonly unknown[];
      stderr: { write(text: string): void };
      readFile(name: string, baseFolder: string): Promise<string | null>;
      writeFile(name: string, content: string | Uint8Array): Promise<void>;
    },
  ): Promise<{ error: Error | null }>;
}

/**
 * Compiles a filter's folder without optimisation, so that every branch of the source is one in the module. Of the bugs
 * that are planted in it, the one whose number, from 1, stands at `plantedAt` in the guest's memory bites.
 */
export async function buildInstrumented(folder: string, bugs: readonly Patch[] = []): Promise<Instrumented> {
  const { main } = (await import(compiler)) as Compiler;
  let wasm: Uint8Array<ArrayBuffer> | null = null;
  const messages: string[] = [];
  const options = ["--memoryBase", "65536", "--optimizeLevel", "0", "--enable", "simd"];
  const args = [path.join(folder, "index.ts"), "--baseDir", root, "--outFile", "build/fuzz.wasm", ...options];
  const { error } = await main(args, {
    transforms: [BranchCoverage],
    stderr: { write: (text) => messages.push(text) },
    readFile: async (name, baseFolder) => planted(path.resolve(baseFolder, name), bugs),
    writeFile: async (name, content) => {
      if (name.endsWith(".wasm")) wasm = new Uint8Array(content as Uint8Array);
    },
  });
  if (error !== null || wasm === null) throw new Error(`${folder} does not compile:\n${messages.join("")}`);
  const flavour = bugs.length === 0 ? "sound" : "with-bugs";
  const file = path.join(root, "build/fuzz", flavour, `${path.basename(folder)}.wasm`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, wasm);
  await rename(`${file}.${process.pid}`, file); // others may build the same
  return { module: await loadUncheckedModule(file), branches: BranchCoverage.branches };
}

async function planted(file: string, bugs: readonly Patch[]): Promise<string | null> {
  let text = await readFile(file, "utf8").catch(() => null);
  for (const [i, { file: name, find, plant }] of bugs.entries()) {
    if (text === null || !file.endsWith(path.join("as-proxy-wasm", name))) continue;
    if (text.split(find).length !== 2) throw new Error(`${name} does not have once ${JSON.stringify(find)}`);
    text = text.replace(find, () => plant.replaceAll("BUG", `(i32.load(${plantedAt}) == ${i + 1})`));
  }
  return text;
}

/** Which outcomes the branches of all instances of a module had: two flags a branch, false and true. */
export class BranchNotes {
  readonly seen: Uint8Array;
  private readonly names: readonly string[];

  constructor(branches: readonly string[]) {
    this.names = branches;
    this.seen = new Uint8Array(2 * branches.length);
  }

  /** Takes over what a guest has noted in its memory. */
  take(memory: ArrayBuffer): void {
    const noted = new Uint8Array(memory, notesAt, this.seen.length);
    for (let i = 0; i < noted.length; i++) if (noted[i] === 1) this.seen[i] = 1;
  }

  /** The outcomes that were had: `~lib/…/f #2 true`. */
  had(): string[] {
    return this.outcomes(1);
  }

  /** The outcomes that never were. */
  missing(): string[] {
    return this.outcomes(0);
  }

  private outcomes(flag: number): string[] {
    const indices = [...this.seen.keys()].filter((i) => this.seen[i] === flag);
    return indices.map((i) => `${this.names[i >> 1]} ${i % 2 === 1}`);
  }
}
