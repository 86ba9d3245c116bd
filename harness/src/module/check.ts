import { HarnessError } from "../errors.ts";
import { abiVersionIn, guestExports, guestExports010, type AbiVersion } from "./abi.ts";
import { isWasm, readInterface } from "./binary.ts";
import {
  checkAbiVersion,
  checkAllocator,
  checkCallbacks,
  checkExportTypes,
  checkMemory,
  checkStartSection,
  deadCallbacks,
} from "./check-exports.ts";
import { checkImports } from "./check-imports.ts";
import type { Finding } from "./finding.ts";

/**
 * What the check of one module found.
 *
 * @category Look into modules
 */
export interface ModuleReport {
  /** Why a host must not load it; empty when the module is sound. */
  readonly refusals: readonly Finding[];
  /** What loads, and probably does not do what its author meant. */
  readonly warnings: readonly string[];
  /** The ABI that it speaks, or null when it says none. */
  readonly abiVersion: AbiVersion | null;
}

/** Refused with `module_refused`, or `invalid_input` when the bytes are no Wasm; the message has every reason. */
export function assertSound(file: string, bytes: Uint8Array<ArrayBuffer>): void {
  const { refusals } = checkModule(file, bytes);
  if (refusals.length > 0) throw new HarnessError("module_refused", refusalText(file, refusals));
}

/** One line for the file, then two for each reason. */
export function refusalText(file: string, refusals: readonly Finding[]): string {
  const reasons = refusals.map(({ problem, remedy }) => `  ${problem}\n    ${remedy}`);
  return [`${file}: refused:`, ...reasons].join("\n");
}

/**
 * Holds a module of any SDK against what Envoy 1.40 links and calls, without running it. Refused with
 * `invalid_input` when the bytes are no Wasm.
 *
 * @category Look into modules
 */
export function checkModule(file: string, bytes: Uint8Array<ArrayBuffer>): ModuleReport {
  if (!isWasm(bytes)) {
    throw new HarnessError(
      "invalid_input",
      `${file} is no WebAssembly module (it does not start with "\\0asm" and version 1)`,
    );
  }
  const corrupt = compileError(bytes);
  if (corrupt !== null) return { refusals: [corrupt], warnings: [], abiVersion: null };

  const module = readInterface(bytes);
  const version = abiVersionIn(module.exports.map(({ name }) => name));
  const callbacks = version === "0.1.0" ? guestExports010 : guestExports;
  return {
    refusals: [
      ...checkStartSection(module),
      ...checkAbiVersion(version),
      ...checkAllocator(module),
      ...checkMemory(module),
      ...checkImports(module, version ?? "0.2.1"),
      ...checkCallbacks(module, callbacks),
      ...checkExportTypes(module),
    ],
    warnings: deadCallbacks(module, callbacks),
    abiVersion: version,
  };
}

function compileError(bytes: Uint8Array<ArrayBuffer>): Finding | null {
  try {
    new WebAssembly.Module(bytes);
    return null;
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^WebAssembly\.Module\(\): /, "") : String(error);
    return { rule: "corrupt", problem: `V8 cannot compile it: ${reason}`, remedy: "build the module again" };
  }
}
