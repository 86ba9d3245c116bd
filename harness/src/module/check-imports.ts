import { nearest } from "../nearest.ts";
import { abiVersions, envImports, wasiImports, wasiModules, type AbiVersion, type Signature } from "./abi.ts";
import type { ModuleImport, ModuleInterface } from "./binary.ts";
import { readable, type Finding } from "./finding.ts";

/** Imports that the host lacks, or has with another type: either is fatal when the module is loaded. */
export function checkImports(module: ModuleInterface, version: AbiVersion): Finding[] {
  return module.imports.flatMap((item) => {
    if (item.kind === "memory" && item.module === "env" && item.name === "memory") return [];
    const finding = checkImport(item, version);
    return finding === null ? [] : [finding];
  });
}

function checkImport(item: ModuleImport, version: AbiVersion): Finding | null {
  const rule = "import";
  const name = `${item.module}.${item.name}`;
  const known = hostFunctions(item.module, version);
  const want = Object.hasOwn(known, item.name) ? known[item.name] : undefined;
  if (want === undefined || item.kind !== "function") {
    return {
      rule,
      problem: `it imports ${name}, which the host does not have in ABI ${version}`,
      remedy: importRemedy(item, version),
    };
  }
  if (want === item.signature) return null;
  return {
    rule,
    problem: `it imports ${name} as ${readable(item.signature)}, but the host has it as ${readable(want)}`,
    remedy: "correct the declaration of the import",
  };
}

/** The functions that the host has in a module of imports, in a version of the ABI. */
export function hostFunctions(module: string, version: AbiVersion): Readonly<Record<string, Signature>> {
  if (module === "env") return envImports[version];
  return (wasiModules as readonly string[]).includes(module) ? wasiImports : {};
}

/** AssemblyScript's defaults, and what as-proxy-wasm puts in their place. */
const assemblyScriptDefaults: ReadonlySet<string> = new Set([
  "abort",
  "seed",
  "trace",
  "console.log",
  "Date.now",
  "process.exit",
]);

function importRemedy({ module, name }: ModuleImport, version: AbiVersion): string {
  if (module === "env" && assemblyScriptDefaults.has(name)) {
    return `it is a default of the AssemblyScript compiler: let the project's asconfig.json extend as-proxy-wasm/asconfig.json`;
  }
  const others = abiVersions.filter((other) => Object.hasOwn(hostFunctions(module, other), name));
  if (others.length > 0)
    return `only ABI ${others.join(" and ")} has it: use what replaced it in ${version}, or another SDK version`;
  const close = nearest(name, Object.keys(hostFunctions(module, version)));
  return close === null ? "remove the call, or link the function into the module" : `did you mean ${close}?`;
}
