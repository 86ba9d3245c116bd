/**
 * The names and types of proxy-wasm as Envoy 1.40 links them. A signature is written `parameters>result`, one letter
 * a value: i is i32, l is i64. Sources: the proxy-wasm specification of ABI 0.1.0, 0.2.0 and 0.2.1, and
 * proxy-wasm-cpp-host's `exports.h`.
 */
export type Signature = string;
export const abiVersions = ["0.1.0", "0.2.0", "0.2.1"] as const;
export type AbiVersion = (typeof abiVersions)[number];

/** The export by which a module says which ABI it speaks. */
export function abiVersionExport(version: AbiVersion): string {
  return `proxy_abi_version_${version.replaceAll(".", "_")}`;
}

/** Which ABI a module of these exports speaks; null when it says none. */
export function abiVersionIn(exportNames: Iterable<string>): AbiVersion | null {
  const names = new Set(exportNames);
  return abiVersions.findLast((version) => names.has(abiVersionExport(version))) ?? null;
}

/** Host functions in module `env` that every version has. */
const commonImports: Readonly<Record<string, Signature>> = {
  emscripten_notify_memory_growth: "i>",
  envoy_resolve_dns: "iii>i",
  proxy_add_header_map_value: "iiiii>i",
  proxy_call_foreign_function: "iiiiii>i",
  proxy_define_metric: "iiii>i",
  proxy_dequeue_shared_queue: "iii>i",
  proxy_done: ">i",
  proxy_enqueue_shared_queue: "iii>i",
  proxy_get_buffer_bytes: "iiiii>i",
  proxy_get_buffer_status: "iii>i",
  proxy_get_current_time_nanoseconds: "i>i",
  proxy_get_header_map_pairs: "iii>i",
  proxy_get_header_map_size: "ii>i",
  proxy_get_header_map_value: "iiiii>i",
  proxy_get_metric: "ii>i",
  proxy_get_property: "iiii>i",
  proxy_get_shared_data: "iiiii>i",
  proxy_get_status: "iii>i",
  proxy_grpc_call: "iiiiiiiiiiii>i",
  proxy_grpc_cancel: "i>i",
  proxy_grpc_close: "i>i",
  proxy_grpc_send: "iiii>i",
  proxy_grpc_stream: "iiiiiiiii>i",
  proxy_http_call: "iiiiiiiiii>i",
  proxy_increment_metric: "il>i",
  proxy_log: "iii>i",
  proxy_record_metric: "il>i",
  proxy_register_shared_queue: "iii>i",
  proxy_remove_header_map_value: "iii>i",
  proxy_replace_header_map_value: "iiiii>i",
  proxy_resolve_shared_queue: "iiiii>i",
  proxy_send_local_response: "iiiiiiii>i",
  proxy_set_buffer_bytes: "iiiii>i",
  proxy_set_effective_context: "i>i",
  proxy_set_header_map_pairs: "iii>i",
  proxy_set_property: "iiii>i",
  proxy_set_shared_data: "iiiii>i",
  proxy_set_tick_period_milliseconds: "i>i",
  pthread_equal: "ii>i",
};

const streamControl = { proxy_close_stream: "i>i", proxy_continue_stream: "i>i" };

/** Host functions in module `env`, by ABI version: a missing one is fatal when the module is loaded. */
export const envImports: Readonly<Record<AbiVersion, Readonly<Record<string, Signature>>>> = {
  "0.1.0": {
    ...commonImports,
    proxy_clear_route_cache: ">i",
    proxy_continue_request: ">i",
    proxy_continue_response: ">i",
    proxy_get_configuration: "ii>i",
  },
  "0.2.0": { ...commonImports, ...streamControl },
  "0.2.1": { ...commonImports, ...streamControl, proxy_get_log_level: "i>i" },
};

/** The names under which the WASI functions are found. */
export const wasiModules = ["wasi_snapshot_preview1", "wasi_unstable"] as const;

/** WASI preview 1, all 45 functions that Envoy registers; `proc_raise` is not among them. */
export const wasiImports: Readonly<Record<string, Signature>> = {
  args_get: "ii>i",
  args_sizes_get: "ii>i",
  clock_res_get: "ii>i",
  clock_time_get: "ili>i",
  environ_get: "ii>i",
  environ_sizes_get: "ii>i",
  fd_advise: "illi>i",
  fd_allocate: "ill>i",
  fd_close: "i>i",
  fd_datasync: "i>i",
  fd_fdstat_get: "ii>i",
  fd_fdstat_set_flags: "ii>i",
  fd_fdstat_set_rights: "ill>i",
  fd_filestat_get: "ii>i",
  fd_filestat_set_size: "il>i",
  fd_filestat_set_times: "illi>i",
  fd_pread: "iiili>i",
  fd_prestat_dir_name: "iii>i",
  fd_prestat_get: "ii>i",
  fd_pwrite: "iiili>i",
  fd_read: "iiii>i",
  fd_readdir: "iiili>i",
  fd_renumber: "ii>i",
  fd_seek: "ilii>i",
  fd_sync: "i>i",
  fd_tell: "ii>i",
  fd_write: "iiii>i",
  path_create_directory: "iii>i",
  path_filestat_get: "iiiii>i",
  path_filestat_set_times: "iiiilli>i",
  path_link: "iiiiii>i", // WASI has one more: Envoy takes no length of the second path
  path_open: "iiiiillii>i",
  path_readlink: "iiiiii>i",
  path_remove_directory: "iii>i",
  path_rename: "iiiiii>i",
  path_symlink: "iiii>i", // the same
  path_unlink_file: "iii>i",
  poll_oneoff: "iiii>i",
  proc_exit: "i>",
  random_get: "ii>i",
  sched_yield: ">i",
  sock_accept: "iii>i",
  sock_recv: "iiiiii>i",
  sock_send: "iiiii>i",
  sock_shutdown: "ii>i",
};

/** The functions of a module that the host calls; all but the allocator are optional. */
export const guestExports: Readonly<Record<string, Signature>> = {
  __main_void: ">i",
  _initialize: ">",
  _start: ">",
  envoy_on_resolve_dns: "iii>",
  envoy_on_stats_update: "ii>",
  main: "ii>i",
  malloc: "i>i",
  proxy_on_configure: "ii>i",
  proxy_on_context_create: "ii>",
  proxy_on_delete: "i>",
  proxy_on_done: "i>i",
  proxy_on_downstream_connection_close: "ii>",
  proxy_on_downstream_data: "iii>i",
  proxy_on_foreign_function: "iii>",
  proxy_on_grpc_close: "iii>",
  proxy_on_grpc_receive: "iii>",
  proxy_on_grpc_receive_initial_metadata: "iii>",
  proxy_on_grpc_receive_trailing_metadata: "iii>",
  proxy_on_http_call_response: "iiiii>",
  proxy_on_log: "i>",
  proxy_on_memory_allocate: "i>i",
  proxy_on_new_connection: "i>i",
  proxy_on_queue_ready: "ii>",
  proxy_on_request_body: "iii>i",
  proxy_on_request_headers: "iii>i",
  proxy_on_request_metadata: "ii>i",
  proxy_on_request_trailers: "ii>i",
  proxy_on_response_body: "iii>i",
  proxy_on_response_headers: "iii>i",
  proxy_on_response_metadata: "ii>i",
  proxy_on_response_trailers: "ii>i",
  proxy_on_tick: "i>",
  proxy_on_upstream_connection_close: "ii>",
  proxy_on_upstream_data: "iii>i",
  proxy_on_vm_start: "ii>i",
  proxy_validate_configuration: "ii>i",
};

/** Where ABI 0.1.0 has another signature: it passes no end_of_stream with headers. */
export const guestExports010: Readonly<Record<string, Signature>> = {
  ...guestExports,
  proxy_on_request_headers: "ii>i",
  proxy_on_response_headers: "ii>i",
};
