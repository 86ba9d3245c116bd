/**
 * The host calls of ABI 0.2.1 and the parameters of each, a letter for what the guest passes: n a number of 32 bits, l of
 * 64, b bytes, p pairs, v bytes by one iovec; and for what the host fills: o bytes, u a number of 32 bits, U of 64.
 * Sources: the specification of proxy-wasm ABI 0.2.1 and of WASI preview 1.
 */
export const hostCalls = {
  envoy_resolve_dns: "bu",
  proxy_add_header_map_value: "nbb",
  proxy_call_foreign_function: "bbo",
  proxy_close_stream: "n",
  proxy_continue_stream: "n",
  proxy_define_metric: "nbu",
  proxy_dequeue_shared_queue: "no",
  proxy_done: "",
  proxy_enqueue_shared_queue: "nb",
  proxy_get_buffer_bytes: "nnno",
  proxy_get_buffer_status: "nuu",
  proxy_get_current_time_nanoseconds: "U",
  proxy_get_header_map_pairs: "no",
  proxy_get_header_map_size: "nu",
  proxy_get_header_map_value: "nbo",
  proxy_get_log_level: "u",
  proxy_get_metric: "nU",
  proxy_get_property: "bo",
  proxy_get_shared_data: "bou",
  proxy_get_status: "uo",
  proxy_grpc_call: "bbbpbnu",
  proxy_grpc_cancel: "n",
  proxy_grpc_close: "n",
  proxy_grpc_send: "nbn",
  proxy_grpc_stream: "bbbpu",
  proxy_http_call: "bpbpnu",
  proxy_increment_metric: "nl",
  proxy_log: "nb",
  proxy_record_metric: "nl",
  proxy_register_shared_queue: "bu",
  proxy_remove_header_map_value: "nb",
  proxy_replace_header_map_value: "nbb",
  proxy_resolve_shared_queue: "bbu",
  proxy_send_local_response: "nbbpn",
  proxy_set_buffer_bytes: "nnnb",
  proxy_set_effective_context: "n",
  proxy_set_header_map_pairs: "np",
  proxy_set_property: "bb",
  proxy_set_shared_data: "bbn",
  proxy_set_tick_period_milliseconds: "n",
  pthread_equal: "nn",
  args_get: "nn",
  args_sizes_get: "uu",
  clock_res_get: "nU",
  clock_time_get: "nlU",
  environ_get: "nn",
  environ_sizes_get: "uu",
  fd_advise: "nlln",
  fd_allocate: "nll",
  fd_close: "n",
  fd_datasync: "n",
  fd_fdstat_get: "nn",
  fd_fdstat_set_flags: "nn",
  fd_fdstat_set_rights: "nll",
  fd_filestat_get: "nn",
  fd_filestat_set_size: "nl",
  fd_filestat_set_times: "nlln",
  fd_pread: "nnnlu",
  fd_prestat_dir_name: "nnn",
  fd_prestat_get: "nn",
  fd_pwrite: "nvlu",
  fd_read: "nnnu",
  fd_readdir: "nnnlu",
  fd_renumber: "nn",
  fd_seek: "nlnU",
  fd_sync: "n",
  fd_tell: "nU",
  fd_write: "nvu",
  path_create_directory: "nb",
  path_filestat_get: "nnbn",
  path_filestat_set_times: "nnblln",
  path_link: "nnbnn",
  path_open: "nnbnllnu",
  path_readlink: "nbnnu",
  path_remove_directory: "nb",
  path_rename: "nbnb",
  path_symlink: "bnn",
  path_unlink_file: "nb",
  poll_oneoff: "nnnu",
  random_get: "nn",
  sched_yield: "",
  sock_accept: "nnu",
  sock_recv: "nnnnuu",
  sock_send: "nvnu",
  sock_shutdown: "nn",
} as const;

/** The name of a host call. */
export type HostCall = keyof typeof hostCalls;

/** All of them, in the order of their numbers in a program. */
export const hostCallNames = Object.keys(hostCalls) as readonly HostCall[];

/** The module that a host call is imported from. */
export function spaceOf(name: HostCall): string {
  return /^(proxy|envoy|pthread)_/.test(name) ? "env" : "wasi_snapshot_preview1";
}

/** The callbacks that Envoy makes, with how many parameters each has, and what it returns when a program says nothing. */
export const callbacks = {
  proxy_on_context_create: { parameters: 2 },
  proxy_on_request_headers: { parameters: 3, returns: 0 },
  proxy_on_request_body: { parameters: 3, returns: 0 },
  proxy_on_request_trailers: { parameters: 2, returns: 0 },
  proxy_on_response_headers: { parameters: 3, returns: 0 },
  proxy_on_response_body: { parameters: 3, returns: 0 },
  proxy_on_response_trailers: { parameters: 2, returns: 0 },
  proxy_on_http_call_response: { parameters: 5 },
  proxy_on_grpc_receive_initial_metadata: { parameters: 3 },
  proxy_on_grpc_receive: { parameters: 3 },
  proxy_on_grpc_receive_trailing_metadata: { parameters: 3 },
  proxy_on_grpc_close: { parameters: 3 },
  proxy_on_queue_ready: { parameters: 2 },
  proxy_on_tick: { parameters: 1 },
  proxy_on_foreign_function: { parameters: 3 },
  proxy_on_log: { parameters: 1 },
  proxy_on_done: { parameters: 1, returns: 1 },
  proxy_on_delete: { parameters: 1 },
  envoy_on_resolve_dns: { parameters: 3 },
} as const satisfies Record<string, { parameters: number; returns?: number }>;

/** The name of a callback. */
export type Callback = keyof typeof callbacks;

/** All of them, in the order of their numbers in a program. */
export const callbackNames = Object.keys(callbacks) as readonly Callback[];
