import { nearest } from "../nearest.ts";
import { abiVersionExport, abiVersions, type AbiVersion, type Signature } from "./abi.ts";
import type { ModuleInterface } from "./binary.ts";
import { readable, type Finding } from "./finding.ts";

export function checkStartSection(module: ModuleInterface): Finding[] {
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

export function checkAbiVersion(version: AbiVersion | null): Finding[] {
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

export function checkAllocator(module: ModuleInterface): Finding[] {
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

export function checkMemory(module: ModuleInterface): Finding[] {
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

export function checkCallbacks(
  module: ModuleInterface,
  callbacks: Readonly<Record<string, Signature>>,
): Finding[] {
  return module.exports.flatMap(({ name, kind, signature }) => {
    const want = Object.hasOwn(callbacks, name) ? callbacks[name] : undefined;
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

/** Values that the host cannot pass: V8 in Envoy ends the process for a v128 and for a reference of garbage collection. */
export function checkExportTypes(module: ModuleInterface): Finding[] {
  return module.exports
    .filter(({ signature }) => /[vgr]/.test(signature ?? ""))
    .map(({ name, signature }) => {
      const consequence = /[vg]/.test(signature ?? "")
        ? "Envoy is killed when it loads such a module"
        : "a host can neither give nor take such a value";
      return {
        rule: "export_type" as const,
        problem: `it exports the function ${name} as ${readable(signature)}: ${consequence}`,
        remedy: "do not export the function, or pass the value through memory",
      };
    });
}

/** A misspelt callback is never called, and nothing says so. */
export function deadCallbacks(
  module: ModuleInterface,
  callbacks: Readonly<Record<string, Signature>>,
): string[] {
  return module.exports
    .filter(({ name }) => name.startsWith("proxy_on_") && callbacks[name] === undefined)
    .map(({ name }) => {
      const close = nearest(name, Object.keys(callbacks));
      return `it exports ${name}, which no host calls${close === null ? "" : `: did you mean ${close}?`}`;
    });
}
