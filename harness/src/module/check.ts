import { HarnessError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import {
  abiVersionExport,
  abiVersions,
  envImports,
  guestExports,
  guestExports010,
  wasiImports,
  wasiModules,
  type AbiVersion,
  type Signature,
} from "./abi.ts";
import { isWasm, readInterface, type ModuleImport, type ModuleInterface } from "./binary.ts";

/** What is wrong with a module, and what to do about it. */
export interface Finding {
  readonly rule:
    | "start_section"
    | "import"
    | "callback_signature"
    | "abi_version"
    | "allocator"
    | "memory"
    | "export_type"
    | "corrupt";
  readonly problem: string;
  readonly remedy: string;
}

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
 */
export function checkModule(file: string, bytes: Uint8Array<ArrayBuffer>): ModuleReport {
  if (!isWasm(bytes)) {
    throw new HarnessError(
      "invalid_input",
      `${file}: is no WebAssembly module (it does not start with "\\0asm" and version 1)`,
    );
  }
  const corrupt = compileError(bytes);
  if (corrupt !== null) return { refusals: [corrupt], warnings: [], abiVersion: null };

  const module = readInterface(bytes);
  const version = abiVersionOf(module);
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

function abiVersionOf(module: ModuleInterface): AbiVersion | null {
  const names = new Set(module.exports.map(({ name }) => name));
  return abiVersions.findLast((version) => names.has(abiVersionExport(version))) ?? null;
}

function checkStartSection(module: ModuleInterface): Finding[] {
  if (!module.hasStartSection) return [];
  return [
    {
      rule: "start_section",
      problem:
        "it has a start section, which runs before the module has a memory and a context: a host call in it kills Envoy",
      remedy:
        "export the code as _initialize (AssemblyScript: --exportStart _initialize; as-proxy-wasm/asconfig.json sets it)",
    },
  ];
}

function checkAbiVersion(version: AbiVersion | null): Finding[] {
  if (version !== null) return [];
  const names = abiVersions.map(abiVersionExport).join(", ");
  return [
    {
      rule: "abi_version",
      problem: "it exports no ABI version, so Envoy cannot know which host functions it may link",
      remedy: `build it with a proxy-wasm SDK, or export an empty function with one of the names ${names}`,
    },
  ];
}

function checkAllocator(module: ModuleInterface): Finding[] {
  if (module.exports.some(({ name }) => name === "malloc" || name === "proxy_on_memory_allocate")) return [];
  return [
    {
      rule: "allocator",
      problem:
        "it exports neither malloc nor proxy_on_memory_allocate, so the host has nowhere to put what it returns",
      remedy: "export malloc(size: i32): i32 (an SDK does; check that nothing strips the module's exports)",
    },
  ];
}

function checkMemory(module: ModuleInterface): Finding[] {
  const isMemory = ({ kind }: { kind: string }): boolean => kind === "memory";
  if (module.exports.some(isMemory) || module.imports.some(isMemory)) return [];
  return [
    {
      rule: "memory",
      problem: "it exports no memory, so no host call can pass data",
      remedy: 'export its memory as "memory"',
    },
  ];
}

function checkImports(module: ModuleInterface, version: AbiVersion): Finding[] {
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
  const want = known[item.name];
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

function hostFunctions(module: string, version: AbiVersion): Readonly<Record<string, Signature>> {
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
  const others = abiVersions.filter((other) => hostFunctions(module, other)[name] !== undefined);
  if (others.length > 0)
    return `only ABI ${others.join(" and ")} has it: use what replaced it in ${version}, or another SDK version`;
  const close = nearest(name, Object.keys(hostFunctions(module, version)));
  return close === null ? "remove the call, or link the function into the module" : `did you mean ${close}?`;
}

function checkCallbacks(module: ModuleInterface, callbacks: Readonly<Record<string, Signature>>): Finding[] {
  return module.exports.flatMap(({ name, kind, signature }) => {
    const want = callbacks[name];
    if (want === undefined || (kind === "function" && signature === want)) return [];
    const has = kind === "function" ? readable(signature) : `a ${kind}`;
    return [
      {
        rule: "callback_signature" as const,
        problem: `it exports ${name} as ${has}, but the host calls it as ${readable(want)}`,
        remedy:
          "correct the function's parameters and result: Envoy refuses the whole module for one wrong callback",
      },
    ];
  });
}

/** V8 in Envoy ends the process for such an export, whoever would call it. */
function checkExportTypes(module: ModuleInterface): Finding[] {
  return module.exports
    .filter(({ signature }) => /[vr]/.test(signature ?? ""))
    .map(({ name, signature }) => ({
      rule: "export_type" as const,
      problem: `it exports the function ${name} as ${readable(signature)}: a v128 or reference type in an exported function kills Envoy when it loads the module`,
      remedy: "do not export the function, or pass the value through memory",
    }));
}

/** A misspelt callback is never called, and nothing says so. */
function deadCallbacks(module: ModuleInterface, callbacks: Readonly<Record<string, Signature>>): string[] {
  return module.exports
    .filter(({ name }) => name.startsWith("proxy_on_") && callbacks[name] === undefined)
    .map(({ name }) => {
      const close = nearest(name, Object.keys(callbacks));
      return `it exports ${name}, which no host calls${close === null ? "" : `: did you mean ${close}?`}`;
    });
}

const typeNames: Readonly<Record<string, string>> = {
  i: "i32",
  l: "i64",
  f: "f32",
  d: "f64",
  v: "v128",
  r: "a reference",
};

function readable(signature: Signature | null): string {
  const [parameters = "", results = ""] = (signature ?? ">").split(">");
  const names = (letters: string): string =>
    [...letters].map((letter) => typeNames[letter] ?? "?").join(", ");
  return `(${names(parameters)}) -> ${results === "" ? "nothing" : names(results)}`;
}
