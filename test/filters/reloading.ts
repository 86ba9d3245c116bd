import { StringValueSchema, type Any } from "@bufbuild/protobuf/wkt";
import { any } from "proxy-wasm-harness";
import { WasmSchema } from "proxy-wasm-harness/api/envoy/extensions/filters/http/wasm/v3/wasm";
import { FailurePolicy } from "proxy-wasm-harness/api/envoy/extensions/wasm/v3/wasm";
import { guest } from "../guests/guest.ts";

/** A filter that traps, and how Envoy runs it. */
export interface Reloading {
  /** Of the guest that has it. */
  readonly guest: string;
  readonly configuration: object;
  /** Which filter of the guest. Default: the one of the guest's name. */
  readonly rootId?: string;
  /** Plugins of one vm_id are lost together. Default: the guest's name. */
  readonly vmId?: string;
}

/** A filter that traps on demand, under FAIL_RELOAD: the next request of the same worker makes a new VM. */
export function reloading({ guest: name, configuration, rootId = name, vmId = name }: Reloading): Any {
  const code = { specifier: { case: "local", value: { specifier: { case: "filename", value: guest(name) } } } } as const; // prettier-ignore
  return any(WasmSchema, {
    config: {
      name: rootId,
      rootId,
      failurePolicy: FailurePolicy.FAIL_RELOAD,
      reloadConfig: { backoff: { baseInterval: { nanos: 10_000_000 } } }, // with 1 ms Envoy 1.40 divides by zero
      configuration: any(StringValueSchema, { value: JSON.stringify(configuration) }),
      vm: { case: "vmConfig", value: { vmId, runtime: "envoy.wasm.runtime.v8", code } },
    },
  });
}
