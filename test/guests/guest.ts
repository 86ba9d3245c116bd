import { fileURLToPath } from "node:url";

/** The compiled module of a guest: `traps`, `unsound/start-section`. */
export function guest(name: string): string {
  return fileURLToPath(new URL(`../../build/guests/${name}.wasm`, import.meta.url));
}
