import { HarnessError } from "../errors.ts";
import { positionOf } from "../transcript/signature.ts";
import { abi010 } from "./abi-0-1-0.ts";
import { buffers } from "./buffers.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import { clocks } from "./clocks.ts";
import { foreignFunctions } from "./foreign-functions.ts";
import { grpc } from "./grpc.ts";
import { httpCalls } from "./http-calls.ts";
import { httpFields } from "./http-fields.ts";
import { logging } from "./logging.ts";
import type { GuestMemory } from "./memory.ts";
import { metrics } from "./metrics.ts";
import { names } from "./names.ts";
import { properties } from "./properties.ts";
import { sharedData } from "./shared-data.ts";
import { sharedQueues } from "./shared-queues.ts";
import { Status } from "./status.ts";
import { streams } from "./streams.ts";
import { threads } from "./threads.ts";
import { timers } from "./timers.ts";
import type { Vm } from "./vm.ts";
import { wasi } from "./wasi.ts";

const chapters = [
  buffers,
  clocks,
  foreignFunctions,
  grpc,
  httpCalls,
  httpFields,
  logging,
  metrics,
  names,
  properties,
  sharedData,
  sharedQueues,
  streams,
  threads,
  timers,
];

/**
 * The imports of a module that can be loaded. One that this backend does not have yet is linked, and refused with
 * `unimplemented` when it is called.
 */
export function linkHost(vm: Vm, module: WebAssembly.Module, memory: () => GuestMemory): WebAssembly.Imports {
  const guest: Guest = {
    vm,
    get memory() {
      return memory();
    },
  };
  const newest: HostFunctions = Object.assign({}, ...chapters.map((chapter) => chapter(guest)));
  const env = vm.abiVersion === "0.1.0" ? { ...newest, ...abi010(guest, newest) } : newest;
  const available: Readonly<Record<string, HostFunctions>> = {
    env,
    wasi_snapshot_preview1: wasi(guest),
    wasi_unstable: wasi(guest),
  };

  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: space, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== "function") throw unsupportedImport(`${space}.${name}`, kind);
    const implementation = available[space]?.[name] ?? notImplemented(vm, name);
    const answering = isRestricted(vm, name) ? () => refusals[space] ?? notCapable : implementation;
    (imports[space] ??= {})[name] = recorded(vm, `${space}.${name}`, answering);
  }
  return imports;
}

/** The answers of host calls that the plugin may not make: the ABI's InternalFailure, and WASI's ENOTCAPABLE. */
const refusals: Readonly<Record<string, number>> = { env: Status.InternalFailure };
const notCapable = 76;

/** Those that are of neither are always there. */
function isRestricted(vm: Vm, name: string): boolean {
  return !vm.allows(name) && !/^(pthread|emscripten)_/.test(name);
}

function unsupportedImport(name: string, kind: string): HarnessError {
  return new HarnessError(
    "unsupported",
    `it imports the ${kind} ${name}: the embedded backend links functions only, run this test in a real Envoy (vitest --project envoy)`,
  );
}

function recorded(
  vm: Vm,
  name: string,
  implementation: (...parameters: never[]) => number,
): WebAssembly.ImportValue {
  const { tape, faults } = vm.proxy;
  const position = positionOf(name.replace(/^\w+\./, "")) ?? -1;
  return (...parameters: never[]) => {
    tape.begin(position, parameters, vm);
    vm.enterHostCall(name);
    const result = faults.answerTo(position) ?? implementation(...parameters);
    tape.end(position, result, parameters, vm);
    return result;
  };
}

function notImplemented(vm: Vm, name: string): () => never {
  return () => {
    throw new HarnessError(
      "unimplemented",
      `plugin "${vm.plugin}" called ${name} in ${vm.callback}, which the embedded backend does not have: ` +
        `run this test in a real Envoy (vitest --project envoy)`,
    );
  };
}
