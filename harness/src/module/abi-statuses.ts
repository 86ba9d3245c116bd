import { signatures } from "../transcript/signature.ts";
import type { HostCallName } from "./abi-calls.ts";
import { abiEnums, type ErrnoName, type StatusName } from "./abi-enums.ts";

type Failure = StatusName | ErrnoName;

const absentOrWrong = ["NotFound", "BadArgument"] as const;
const ofGrpcStarts = ["ParseFailure"] as const;
const ofStreams = ["BadArgument", "Unimplemented"] as const;

/** How a call fails in Envoy 1.40 for reasons of its own. Sources: as `abi.ts`; Envoy's `context.cc` and `foreign.cc`. */
const failures: Partial<Readonly<Record<HostCallName, readonly Failure[]>>> = {
  clock_res_get: ["NotSupported"],
  clock_time_get: ["NotSupported"],
  envoy_resolve_dns: ["BadArgument"],
  fd_fdstat_get: ["BadDescriptor"],
  fd_write: ["BadDescriptor"],
  proxy_add_header_map_value: ["BadArgument"],
  proxy_call_foreign_function: ["NotFound", "BadArgument", "SerializationFailure"],
  proxy_close_stream: ofStreams,
  proxy_continue_stream: ofStreams,
  proxy_define_metric: ["BadArgument"],
  proxy_dequeue_shared_queue: ["NotFound", "Empty"],
  proxy_done: ["NotFound"],
  proxy_enqueue_shared_queue: ["NotFound"],
  proxy_get_buffer_bytes: absentOrWrong,
  proxy_get_buffer_status: absentOrWrong,
  proxy_get_header_map_pairs: ["BadArgument"],
  proxy_get_header_map_size: ["BadArgument"],
  proxy_get_header_map_value: absentOrWrong,
  proxy_get_metric: absentOrWrong,
  proxy_get_property: ["NotFound", "SerializationFailure"],
  proxy_get_shared_data: ["NotFound"],
  proxy_grpc_call: ofGrpcStarts,
  proxy_grpc_cancel: absentOrWrong,
  proxy_grpc_close: absentOrWrong,
  proxy_grpc_send: absentOrWrong,
  proxy_grpc_stream: ofGrpcStarts,
  proxy_http_call: ["BadArgument"],
  proxy_increment_metric: absentOrWrong,
  proxy_log: ["BadArgument"],
  proxy_record_metric: absentOrWrong,
  proxy_remove_header_map_value: ["BadArgument"],
  proxy_replace_header_map_value: ["BadArgument"],
  proxy_resolve_shared_queue: ["NotFound"],
  proxy_set_buffer_bytes: absentOrWrong,
  proxy_set_effective_context: ["BadArgument"],
  proxy_set_header_map_pairs: ["BadArgument"],
  proxy_set_property: ["NotFound", "BadArgument"],
  proxy_set_shared_data: ["CasMismatch"],
  random_get: ["Invalid"],
};

const results: ReadonlyMap<string, string> = new Map(signatures.map(({ name, result }) => [name, result]));
const withAddresses: ReadonlySet<string> = new Set(
  signatures
    .filter(({ parameters }) =>
      parameters.some(
        ({ type, isOutput }) => isOutput || ["bytes", "path", "pairs", "room", "pointer"].includes(type),
      ),
    )
    .map(({ name }) => name),
);

/**
 * How a host call can fail in Envoy 1.40: for reasons of its own; for an address beyond the memory, or an allocator without
 * any, where it has addresses; and in a plugin whose `capability_restriction_config` does not list it.
 */
export function possibleFailures(call: HostCallName): readonly Failure[] {
  const own = failures[call] ?? [];
  const result = results.get(call);
  if (result === "Status")
    return [...own, ...(withAddresses.has(call) ? ["InvalidMemoryAccess" as const] : []), "InternalFailure"];
  if (result !== "Errno") return [];
  return [...own, ...(withAddresses.has(call) ? ["Fault" as const] : []), "NotCapable"];
}

/** Everything that stands for a failure in the type of what a call answers; of a call that answers no status, nothing. */
export function allFailures(call: HostCallName): readonly Failure[] {
  const named = Object.entries(abiEnums[results.get(call) ?? ""] ?? {});
  return named.filter(([number]) => number !== "0").map(([, name]) => name as Failure);
}
