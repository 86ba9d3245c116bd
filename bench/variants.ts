import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { inCopies } from "./bootstrap.ts";
import type { Subject } from "./measure.ts";

/** One way to write the filter of a workload. */
export interface Variant extends Subject {
  readonly file: string;
  readonly byteLength: number;
}

/** As what the others are measured. */
export const reference = "rust";

/** Who competes, ours first; `raw` is AssemblyScript without an SDK and without strings: a floor, not a style. */
const names = ["ours", reference, "gcore", "raw"];

/** The modules of a task that there are; none when ours is not written yet. */
export function variantsOf(task: string): Variant[] {
  const variants = names
    .map((name) => ({ name, file: fileOf(task, name) }))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => ({ name, file, filters: inCopies(file), byteLength: statSync(file).size }));
  return variants[0]?.name === "ours" ? variants : [];
}

function fileOf(task: string, name: string): string {
  const folder = name === "ours" ? "../build/bench" : `peers/${name}`;
  return fileURLToPath(new URL(`${folder}/${task}-${name}.wasm`, import.meta.url));
}
