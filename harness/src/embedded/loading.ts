import type { Plugin } from "../backend.ts";
import { HarnessError } from "../errors.ts";
import {
  abiVersionIn,
  guestExports,
  guestExports010,
  type AbiVersion,
  type Signature,
} from "../module/abi.ts";
import { isWasm, readInterface, type ModuleInterface } from "../module/binary.ts";
import { hostFunctions } from "../module/check-imports.ts";
import type { WasmModule } from "../module/load.ts";
import { guestModule, type GuestModule } from "./guest-module.ts";
import type { ProxyState } from "./proxy-state.ts";

/** Whose module, for messages. */
type Loaded = Pick<Plugin, "module" | "name">;

/** What Envoy does in the place of loading a module. */
interface Verdict {
  readonly code: "configuration_refused" | "unsupported";
  readonly words: string;
}

/** Of modules, by their digests: null of one that Envoy loads. */
const verdicts = new Map<string, Verdict | null>();

/**
 * Compiles a plugin's module. Refused with `configuration_refused` and Envoy's words where Envoy 1.40 does not load it, and
 * with `unsupported` where it dies of it.
 */
export function loadGuest(
  plugin: Loaded,
  { limits, coverage }: Pick<ProxyState, "limits" | "coverage">,
): GuestModule {
  const { sha256, bytes } = plugin.module;
  const known = verdicts.get(sha256);
  const verdict = known === undefined ? verdictOn(bytes) : known;
  verdicts.set(sha256, verdict);
  if (verdict !== null) throw notLoaded(plugin, verdict);
  try {
    return guestModule(plugin.module, limits.memoryBytes, coverage);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    throw notLoaded(plugin, refused(`Failed to load Wasm bytecode: ${error.message}`), error);
  }
}

/** Why a module that was loaded has no instance: what its start section has done. */
export function notStarted(plugin: Loaded, thrown: unknown): HarnessError {
  if (thrown instanceof HarnessError) return thrown;
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  const usesMemory = thrown instanceof TypeError; // which is not there before there is an instance
  const verdict = usesMemory
    ? fatal("its start section calls the host")
    : refused(`Failed to create new Wasm instance: ${why}`);
  return notLoaded(plugin, verdict, thrown);
}

/** As a real Envoy's refusal begins and ends. */
function notLoaded({ module, name }: Loaded, { code, words }: Verdict, cause?: unknown): HarnessError {
  const what = `plugin "${name}" was not loaded: ${words}`;
  const remedy = `\`npx proxy-wasm check ${module.path}\` says what to change in the module.`;
  return new HarnessError(code, `${what}\n${remedy}`, cause === undefined ? {} : { cause });
}

function refused(words: string): Verdict {
  return { code: "configuration_refused", words };
}

function fatal(what: string): Verdict {
  return { code: "unsupported", words: `${what}, of which Envoy 1.40 dies` };
}

/** In the order in which Envoy looks: the first thing is the one that it says. */
function verdictOn(bytes: WasmModule["bytes"]): Verdict | null {
  const module = interfaceOf(bytes);
  if (module === null) return refused("Failed to parse corrupted Wasm module");
  const version = abiVersionIn(module.exports.map(({ name }) => name));
  if (version === null) return refused("Missing or unknown Proxy-Wasm ABI version");
  return importVerdict(module, version) ?? typeVerdict(module) ?? exportVerdict(module, version);
}

function interfaceOf(bytes: WasmModule["bytes"]): ModuleInterface | null {
  try {
    return isWasm(bytes) ? readInterface(bytes) : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Of what is no function the backend says itself what it makes of it. */
function importVerdict({ imports }: ModuleInterface, version: AbiVersion): Verdict | null {
  const failure = "Failed to load Wasm module due to";
  for (const { module, name, kind, signature } of imports) {
    if (kind !== "function") continue;
    const full = `${module}.${name}`;
    const known = hostFunctions(module, version);
    const want = Object.hasOwn(known, name) ? known[name] : undefined;
    if (want === undefined) return refused(`${failure} a missing import: ${full}`);
    if (want !== signature)
      return refused(
        `${failure} an import type mismatch: ${full}, want: ${said(signature)}, but host exports: ${said(want)}`,
      );
  }
  return null;
}

function typeVerdict({ exports }: ModuleInterface): Verdict | null {
  const found = exports.find(({ signature }) => /[vg]/.test(signature ?? ""));
  if (found === undefined) return null;
  return fatal(`it exports the function ${found.name} with a v128 or a reference of garbage collection`);
}

/** What Envoy looks for before the allocator. */
const ofStart: readonly string[] = ["_initialize", "_start", "main", "__main_void"];
const allocators: readonly string[] = ["malloc", "proxy_on_memory_allocate"];

function exportVerdict({ exports }: ModuleInterface, version: AbiVersion): Verdict | null {
  const wanted = version === "0.1.0" ? guestExports010 : guestExports;
  const functions = exports.filter(({ kind }) => kind === "function");
  const has = new Map(functions.map(({ name, signature }) => [name, signature]));
  const wrong = (names: readonly string[]): Verdict | null => {
    const name = names.find((each) => (has.get(each) ?? wanted[each]) !== wanted[each]);
    if (name === undefined) return null;
    const [want, exported] = [said(wanted[name]), said(has.get(name))];
    return refused(`Bad function signature for: ${name}, want: ${want}, but the module exports: ${exported}`);
  };
  const allocator = allocators.find((name) => has.has(name));
  const callbacks = Object.keys(wanted).filter((name) => ![...ofStart, ...allocators].includes(name));
  return (
    wrong(ofStart) ??
    (allocator === undefined ? refused("Wasm module is missing malloc function.") : wrong([allocator])) ??
    wrong(callbacks)
  );
}

const types: Readonly<Record<string, string>> = { i: "i32", l: "i64", f: "f32", d: "f64" };

/** A signature as Envoy has it: `i32 i32 -> void`. */
function said(signature: Signature | null | undefined): string {
  const names = (letters: string): string =>
    letters === "" ? "void" : [...letters].map((letter) => types[letter] ?? "unknown").join(" ");
  const [parameters = "", results = ""] = (signature ?? ">").split(">");
  return `${names(parameters)} -> ${names(results)}`;
}
