import type { Signature } from "./abi.ts";

/**
 * What is wrong with a module, and what to do about it.
 *
 * @category Look into modules
 */
export interface Finding {
  /** Which rule the module breaks, for programs. */
  readonly rule:
    | "start_section"
    | "import"
    | "callback_signature"
    | "abi_version"
    | "allocator"
    | "memory"
    | "export_type"
    | "corrupt";
  /** What the module has or lacks, and what comes of it. */
  readonly problem: string;
  /** What to change. */
  readonly remedy: string;
}

const typeNames: Readonly<Record<string, string>> = {
  i: "i32",
  l: "i64",
  f: "f32",
  d: "f64",
  v: "v128",
  r: "a reference",
  g: "a reference of garbage collection",
};

/** A signature as people write it: `(i32, i32) -> nothing`. */
export function readable(signature: Signature | null): string {
  const [parameters = "", results = ""] = (signature ?? ">").split(">");
  const names = (letters: string): string =>
    [...letters].map((letter) => typeNames[letter] ?? "?").join(", ");
  return `(${names(parameters)}) -> ${results === "" ? "nothing" : names(results)}`;
}
