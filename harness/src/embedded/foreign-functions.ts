import { deflateSync, inflateSync } from "node:zlib";
import { HarnessError } from "../errors.ts";
import type { Guest, HostFunctions } from "./chapter.ts";
import { declareProperty, lifeSpanOf } from "./filter-state.ts";
import { decodeFields, textIn } from "./protobuf.ts";
import { setEnvoyFilterState } from "./set-envoy-filter-state.ts";
import { signText, verifySignature } from "./signatures.ts";
import { Status } from "./status.ts";
import type { Vm } from "./vm.ts";

/** A function's result, or why there is none. */
type Answer = Uint8Array | Status;

const nothing = new Uint8Array();

const functions: Readonly<Record<string, (argument: Uint8Array, vm: Vm) => Answer>> = {
  compress: (bytes) => new Uint8Array(deflateSync(bytes)),
  uncompress: inflated,
  verify_signature: (argument) => verifySignature(argument) ?? Status.BadArgument,
  sign: (argument) => signText(argument) ?? Status.BadArgument,
  clear_route_cache: clearRouteCache,
  declare_property: declared,
  set_envoy_filter_state: (argument, vm) => setEnvoyFilterState(argument, vm) ?? nothing,
};

/** `WasmType` of Envoy's declare_property.proto, as far as one reads otherwise than bytes. */
const WasmType = { FlatBuffers: 2, Protobuf: 3 } as const;

/** What Envoy 1.40 has besides; a call of it fails the test by its name. */
const missing: ReadonlySet<string> = new Set(["expr_create", "expr_evaluate", "expr_delete"]);

/** Chapter foreign functions: those of Envoy 1.40 that need no more of Envoy than this backend has. */
export function foreignFunctions(guest: Guest): HostFunctions {
  const { vm } = guest;
  return {
    proxy_call_foreign_function(
      nameAddress: number,
      nameLength: number,
      argumentAddress: number,
      argumentLength: number,
      addressOut: number,
      lengthOut: number,
    ): Status {
      const nameBytes = guest.memory.read(nameAddress, nameLength);
      const argument = guest.memory.read(argumentAddress, argumentLength);
      if (nameBytes === null || argument === null) return Status.InvalidMemoryAccess;
      const name = new TextDecoder().decode(nameBytes);
      if (missing.has(name)) throw notHere(vm, name);
      const answer = functions[name]?.(argument, vm) ?? null;
      if (answer === null) return Status.NotFound;
      const [status, result] = typeof answer === "number" ? [answer, nothing] : [Status.Ok, answer];
      const given = addressOut === 0 ? Status.Ok : guest.memory.give(result, addressOut, lengthOut);
      return given === Status.Ok ? status : given;
    },
  };
}

function inflated(bytes: Uint8Array): Answer {
  try {
    return new Uint8Array(inflateSync(bytes));
  } catch {
    return Status.SerializationFailure;
  }
}

/** Envoy chooses again when it needs a route. */
function clearRouteCache(_: Uint8Array, vm: Vm): Answer {
  vm.context?.filter?.stream.info.forgetRoute();
  return nothing;
}

/**
 * `DeclarePropertyArguments` of Envoy's declare_property.proto: the first field is the name, the second whether it is
 * read-only, the third its type. It is the context's whose callback runs, whichever one is in effect.
 */
function declared(argument: Uint8Array, vm: Vm): Answer {
  const fields = decodeFields(argument);
  if (fields === null || vm.caller === null) return Status.BadArgument;
  const key = textIn(fields.get(1));
  const isReadOnly = typeof fields.get(2) === "number" && fields.get(2) !== 0;
  const isMessage = fields.get(3) === WasmType.FlatBuffers || fields.get(3) === WasmType.Protobuf;
  return declareProperty(vm.caller, key, { isReadOnly, isMessage, span: lifeSpanOf(fields.get(5)) })
    ? nothing
    : Status.BadArgument;
}

function notHere(vm: Vm, name: string): HarnessError {
  const what = name.startsWith("expr_")
    ? "there is no CEL in the embedded backend"
    : "not in the embedded backend";
  return new HarnessError(
    "unimplemented",
    `plugin "${vm.plugin}" called the foreign function ${name} in ${vm.callback}: ${what}; ` +
      `run this test in a real Envoy (vitest --project envoy)`,
  );
}
